hypercuboid 1
# Ruling 3: defaults are evaluated when the block runs, left to right, and may read its inputs.
#   Wide: c = 2 * 3 = 6, mid = 4 * 6 = 24: 3 * 24 + 24 * 6 = 216; Wide(mid = 2): 6 * 2 + 2 * 12 = 36
# expect S: params 252
use std.ops { conv }

block Wide(c: int = 2 * x.c, mid: int = 4 * c) on x {
  out x -> conv(mid) -> conv(c)
}

space S() on x: image(3, 8, 8) {
  out x -> Wide -> Wide(mid = 2)
}
