hypercuboid 1
# A tuple in the list of a choice is a label by its parts; a binder of two names takes it apart.
#   (4, 1): 3 * 4 + 4 * 2 = 20; (8, 3): 3 * 8 * 9 + 8 * 2 = 232
# expect S: weights 2, groups 1, architectures 2, params 252
# expect Large: params 232
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  out x -> choose shape in [(4, 1), (8, 3)] { conv(shape[0], shape[1]) -> conv(2) }
}

arch Large of S() {
  pick out.shape = (8, 3)
}
