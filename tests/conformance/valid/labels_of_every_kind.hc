hypercuboid 1
# Booleans, negative numbers and floats are labels and coordinates by value.
#   conv 3 * 4 = 12, with a bias 16
# expect S: weights 6, groups 3, architectures 8, params 28
# expect A: params 16
# decision S: a.bias | bias: true; false
# decision S: b.shift | shift: -1; 1
# decision S: out.rate | rate: 0.5; 1.0
use std.ops { conv, dropout }

space S() on x: image(3, 8, 8) {
  let a = x -> choose bias in [true, false] { conv(4, bias = bias) }
  let b = choose shift in [-1, 1] { a + shift }
  out b -> choose rate in [0.5, 1.0] { dropout(rate / 2) }
}

arch A of S() {
  pick a.bias = true
  pick b.shift = -1
  pick out.rate = 0.5
}
