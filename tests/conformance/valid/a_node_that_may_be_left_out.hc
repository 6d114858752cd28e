hypercuboid 1
# Only n[3] is read: where it leaves n[2] out, n[2] costs nothing, so the cost is no sum: bounds are given.
#   at most two convolutions of 144 in each node; at least none
# expect S: weights 10, groups 5, architectures 48, params 720, params_range 0..576, additive false
# expect Without: params 144
# expect With: params 432
use std.ops { conv, relu }

space S() on x: image(4, 8, 8) {
  node n[i in 0..2] = x
  node n[i in 2..4] = sum top 2 j in 0..i { choose op in [relu, conv(4, 3)] { n[j] -> op } }
  out n[3]
}

arch Without of S() {
  pick n[2] = [0: conv, 1: conv]
  pick n[3] = [0: conv, 1: relu]
}

arch With of S() {
  pick n[2] = [0: conv, 1: conv]
  pick n[3] = [1: relu, 2: conv]
}
