hypercuboid 1
# A binder may shadow one around it: the array has both axes.
#   2 * 2 decisions of 2; conv 2 * 2 * (1 + 9) each
# expect S: weights 8, groups 4, architectures 16, params 160
# expect A: params 48
use std.ops { conv }

space S() on x: image(2, 8, 8) {
  out sum i in 0..2 { sum i in 0..2 { x -> choose k in [1, 3] { conv(2, k) } } }
}

arch A of S() {
  pick out.k = [1, 1, 1, 3]
}
