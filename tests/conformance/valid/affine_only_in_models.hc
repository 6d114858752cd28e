hypercuboid 1
# `searching` is true while a decision is open: the standard blocks have no affine norms then.
#   ReLUConvBN(4, k): 12 or 108; in a model + 8
# expect S: params 120, params_range 20..116
# expect A: params 116
# expect Plain: params 20
use std.blocks { ReLUConvBN }

space S() on x: image(3, 8, 8) {
  out x -> choose k in [1, 3] { ReLUConvBN(4, k) }
}

space Plain() on x: image(3, 8, 8) { out x -> ReLUConvBN(4) }

arch A of S() {
  pick out.k = 3
}
