hypercuboid 1
# Several calls of one name are told apart by the arguments that differ; a name in the list is its own label.
# expect S: weights 5, groups 1, architectures 5
#   the convolution before it 6 * 9 + 6 = 60; conv(6, 3, groups = 3) from 6 channels 6 * 2 * 9 = 108
# expect Found: params 168
# decision S: out.op | op: conv(k = 1); conv(k = 3); conv(k = 3, groups = 3); identity; max_pool
use std.ops { conv, identity, max_pool }

space S() on x: image(3, 8, 8) {
  out x -> conv(6, 3, groups = 3, bias = true) -> choose op in [
    conv(6, k = 1), conv(6, k = 3), conv(6, k = 3, groups = 3), identity, max_pool,
  ] { op }
}

arch Found of S() {
  pick out.op = conv(k = 3, groups = 3)
}
