hypercuboid 1
# Ruling 11: node 2 keeps both of its terms, node 3 two of three: 2 * 2 * (3 * 2 * 2) = 48, `zero` not counted.
#   2 * 3 + 3 * 3 = 15 weights in a group per term; 5 convolutions of 4 * 4 * 9
# expect S: weights 15, groups 5, architectures 48, params 720, params_range 0..576, additive true
# expect A: params 432
# decision S: n[2] | j: 0; 1 | op: relu; conv; zero
# decision S: n[3] | j: 0; 1; 2 | op: relu; conv; zero
use std.ops { conv, relu, zero }

space S() on x: image(4, 8, 8) {
  node n[i in 0..2] = x
  node n[i in 2..4] = sum top 2 j in 0..i { choose op in [relu, conv(4, 3), zero] { n[j] -> op } }
  out concat(n[2..4])
}

arch A of S() {
  pick n[2] = [0: conv, 1: relu]
  pick n[3] = [0: conv, 2: conv]
}
