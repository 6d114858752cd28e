hypercuboid 1
# Ruling 8: a choice of blocks is a block, and one decision however often it is used; each use has weights of its own.
#   mixed conv twice: (3 * 3 + 3 * 3 * 9) * 2 = 180
# expect S: weights 2, groups 1, architectures 2, params 180, params_range 18..162
# expect Wide: params 162
# decision S: f | f: one; three
use std.ops { conv, relu }

space S() on x: image(3, 8, 8) {
  let f = choose { one: conv(3), three: conv(3, 3) }
  out x -> f -> relu -> f
}

arch Wide of S() {
  pick f = three
}
