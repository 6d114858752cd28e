hypercuboid 1
# `where` leaves alternatives out: (1, 1), (3, 1), (3, 2) of four. 3 * 4 * (1 + 9 + 9) = 228.
# expect S: weights 3, groups 1, architectures 3, params 228
# decision S: out.k, d | k: 1; 3 | d: 1; 2
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  out x -> choose k in [1, 3], d in [1, 2] where k > 1 or d == 1 { conv(4, k, dilation = d) }
}
