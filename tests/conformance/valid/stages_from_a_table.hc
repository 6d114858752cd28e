hypercuboid 1
# A table of stages with zip and enumerate; the first layer of each changes widths, the others choose an expansion.
#   Inv(c, e): cin * e * cin + e * cin * 9 + e * cin * c
#   stage 0: 4 -> 4, fixed e = 1: 16 + 36 + 16 = 68, then a choice e in 1, 2 on 4: 68 + 136 = 204
#   stage 1: 4 -> 8, e = 1: 16 + 36 + 32 = 84, then on 8: e = 1: 64 + 72 + 64 = 200, e = 2: 400: 600
#   stem 3 * 4 = 12
# expect S: weights 4, groups 2, architectures 4, params 968, params_range 432..700
# expect A: params 632
#   A: 12 + 68 + 68 + 84 + 400
use std.ops { conv, dwconv, relu6 }

block Inv(c: int, e: int, stride: int = 1) on x {
  out x -> conv(e * x.c) -> relu6 -> dwconv(3, stride) -> relu6 -> conv(c)
}

space S() on x: image(3, 16, 16) {
  let widths = [4, 8]
  let layers = [2, 2]
  out x -> conv(4) -> chain (c, n) in zip(widths, layers), i in 0..n {
    Inv(c, 1, 2 if c > 4 else 1) if i == 0 else choose e in [1, 2] { Inv(c, e) }
  }
}

arch A of S() {
  pick out.e = [1, 2]
}
