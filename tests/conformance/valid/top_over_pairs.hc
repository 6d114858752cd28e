hypercuboid 1
# Two binders make pairs; the terms are picked by pairs, in the order of the binders.
#   6 terms of 2 alternatives; 15 pairs of terms * 2 * 2 = 60
# expect S: weights 12, groups 6, architectures 60
# expect A: params 16
# decision S: n | i: 0; 1; 2 | k: 1; 3 | op: relu; conv
use std.ops { conv, relu }

space S() on x: image(4, 8, 8) {
  node n = sum top 2 i in 0..3, k in [1, 3] { choose op in [relu, conv(4)] { x -> op } }
  out n
}

arch A of S() {
  pick n = [(0, 1): conv, (2, 3): relu]
}
