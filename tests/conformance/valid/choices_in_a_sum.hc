hypercuboid 1
# A fold without `top` decides per coordinate: one array with the axis of the fold in front.
#   3 terms of 3 * 2 * (1 + 9) = 60; A keeps 6 + 54 + 54
# expect S: weights 6, groups 3, architectures 8, params 180
# expect A: params 114
# decision S: out.k | i: 0; 1; 2 | k: 1; 3
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  out sum i in 0..3 { x -> choose k in [1, 3] { conv(2, k) } }
}

arch A of S() {
  pick out.k = [1, 3, 3]
}
