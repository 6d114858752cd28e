hypercuboid 1
# (16 + 2 * p - d * (k - 1) - 1) // s + 1. Parameters: 2 * 2 * k * k / groups.
#   36 + 36 + 64 + 12 + 12 + 18 = 178; dwconv 2 * 25 and 2 * 9 + 2
# expect S: params 248
use std.ops { conv, dwconv, flatten }

block Sizes(h: int, w: int) on x { require x.h == h and x.w == w out x -> flatten }

space S() on x: image(2, 16, 16) {
  let y = [
    x -> conv(2, 3, stride = 2) -> Sizes(8, 8),
    x -> conv(2, 3, dilation = 4) -> Sizes(16, 16),
    x -> conv(2, 4, stride = 4, padding = 0) -> Sizes(4, 4),
    x -> conv(2, (1, 3), stride = (1, 2)) -> Sizes(16, 8),
    x -> conv(2, (3, 1), stride = (2, 1)) -> Sizes(8, 16),
    x -> conv(2, 3, groups = 2, padding = 0) -> Sizes(14, 14),
    x -> dwconv(5, 2) -> Sizes(8, 8),
    x -> dwconv(3, dilation = 2, bias = true) -> Sizes(16, 16),
  ]
  out concat(y)
}
