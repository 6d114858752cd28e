hypercuboid 1
# Each layer reads the concatenation of all before it; its kernel is chosen. Widths grow by 4 from 3.
#   layers read 3, 7, 11 channels: 4 * (3 + 7 + 11) * (1 + 9) = 840; head 15 * 5 + 5
# expect S: weights 6, groups 3, architectures 8, params 920, params_range 164..836
# expect A: params 260
#   A: 108 + 28 + 44 + 80
use std.ops { conv, gap, linear }

space S() on x: image(3, 8, 8) {
  node n[0] = x
  node n[i in 1..4] = concat(n[..i]) -> choose k in [1, 3] { conv(4, k) }
  out concat(n[0..4]) -> gap -> linear(5)
}

arch A of S() {
  pick n[1].k = 3
  pick n[2].k = 1
  pick n[3].k = 1
}
