hypercuboid 1
# A binder that takes tuples apart: its axis is called by its names together, its labels are the tuples.
#   3 * 4 + 4 * 2 = 20; 3 * 8 * 9 + 8 * 2 = 232
# expect S: weights 2, groups 1, architectures 2, params 252
# expect A: params 232
# decision S: out.k_c | k_c: (1, 4); (3, 8)
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  out x -> choose (k, c) in [(1, 4), (3, 8)] { conv(c, k) -> conv(2) }
}

arch A of S() {
  pick out.k_c = (3, 8)
}
