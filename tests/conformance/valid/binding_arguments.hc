hypercuboid 1
# Ruling 3: positional values fill the parameters that are unbound, in order; names bind and rebind.
#   a: 4 * 6 * 9 * 1 = 216; b: 6 * 5 * 25 = 750 (k rebound); c: 5 * 7 = 35
# expect S: params 1001
use std.ops { conv }

block Conv(c: int, k: int, stride: int = 1) on x {
  out x -> conv(c, k, stride)
}

space S() on x: image(4, 8, 8) {
  let three = Conv(k = 3)
  let a = x -> three(6)
  let b = a -> three(5, k = 5)
  let c = b -> Conv(stride = 2)(7, 1)
  require a.c == 6 and b.c == 5 and c.h == 4
  out c
}
