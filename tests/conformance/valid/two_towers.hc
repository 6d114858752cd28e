hypercuboid 1
# An image and a vector in one network: two inputs, each with a choice, joined by `linear`.
#   image: conv 3 * 4 * (1 + 9) = 120, vector: linear 5 * 4 + 4 = 24 or identity; linear (4 + 4) * 2 + 2
#   alternatives must have one shape, so the vector goes through linear(4) first: 24 more
# expect S: weights 4, groups 2, architectures 4, params 182
# expect A: params 150
# decision S: a.k | k: 1; 3
# decision S: b.act | act: linear; relu
use std.ops { conv, gap, linear, relu }

space S() on x: image(3, 8, 8), v: vector(5) {
  let a = x -> choose k in [1, 3] { conv(4, k) } -> gap
  let b = v -> linear(4) -> choose act { linear: linear(4), relu }
  out (a, b) -> linear(2)
}

arch A of S() {
  pick a.k = 3
  pick b.act = relu
}
