hypercuboid 1
# A scheduled drop path has no weights and is no decision; after an identity it is one itself.
#   conv 4 * 4 * 9 = 144 where it is kept
# expect S: weights 2, groups 1, architectures 2, params 144, params_range 0..144
use std.ops { conv, identity, drop_path }

space S() on x: image(4, 8, 8) {
  out x -> choose op in [identity, conv(4, 3)] { op -> drop_path }
}
