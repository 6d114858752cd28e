hypercuboid 1
# `where` of a fold: pairs i < j of four nodes, six of them.
#   6 convolutions of 3 * 3 = 9
# expect S: params 54
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  out sum i in 0..4, j in 0..4 where i < j { x -> conv(3) }
}
