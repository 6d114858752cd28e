hypercuboid 1
# `keep` may keep more terms than `top` says: a model of several paths.
# expect S: weights 6, groups 3, architectures 6
# expect A: params 32
use std.ops { conv, relu }

space S() on x: image(4, 8, 8) {
  node n = sum top 1 j in 0..3 { choose op in [relu, conv(4)] { x -> op } }
  out n
}

arch A of S() {
  keep n = [0: conv, 1: relu, 2: conv]
}
