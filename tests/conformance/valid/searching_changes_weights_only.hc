hypercuboid 1
# Ruling 17: a part that stands only in the supernet must leave decisions and shapes as they are.
#   searching: conv 12 + 108, bn of 4 affine 8; as a model no bn
# expect S: params 128, params_range 12..108
# expect A: params 12
use std.ops { conv, bn }

space S() on x: image(3, 8, 8) {
  let y = x -> choose k in [1, 3] { conv(4, k) }
  out y -> bn if searching else y
}

arch A of S() {
  pick y.k = 1
}
