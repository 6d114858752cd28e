hypercuboid 1
# Four branches side by side, two of them with a choice: 2 * 3 = 6 architectures.
#   1x1: 3 * 4; 3x3 or 5x5 after 1x1 to 2: 6 + 2 * 4 * 9 or 25: 12 + 72 + 200 with the 1x1 in each alternative
#   pool: conv 3 * 4; act: relu, tanh, identity on conv 3 * 4
# expect S: weights 5, groups 2, architectures 6, params 320
# expect A: params 242
#   A: 12 + (6 + 200) + 12 + 12
# decision S: b.k | k: 3; 5
# decision S: d.act | act: relu; tanh; identity
use std.ops { conv, max_pool, relu, tanh, identity }

space S() on x: image(3, 8, 8) {
  let a = x -> conv(4)
  let b = x -> choose k in [3, 5] { conv(2) -> conv(4, k) }
  let c = x -> max_pool(3) -> conv(4)
  let d = x -> conv(4) -> choose act in [relu, tanh, identity] { act }
  out concat(a, b, c, d)
}

arch A of S() {
  pick b.k = 5
  pick d.act = identity
}
