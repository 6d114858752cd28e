hypercuboid 1
# Booleans, strings, floats and tuples can be chosen: 2 * 2 * 2 copies of a 3 * 4 * 9 (or 3 * 4 * 3) convolution.
#   4 * (108 + 36) = 576; bn of 4 where affine: 8 in half of them, 4 * 8 = 32
# expect S: weights 8, groups 1, architectures 8, params 608
# expect A: params 36
use std.ops { conv, bn, relu, tanh, dropout }

block Any() on x {
  let affine = choose { yes: true, no: false }
  let act = choose { "relu", "tanh" }
  let window = choose { square: (3, 3), flat: (1, 3) }
  let rate = 0.5 if act == "relu" else 0.1
  out x -> conv(4, window) -> bn(affine) -> (relu if act == "relu" else tanh) -> dropout(rate)
}

space S() on x: image(3, 8, 8) { out x -> Any }

arch A of S() {
  pick out.affine = no
  pick out.act = "tanh"
  pick out.window = flat
}
