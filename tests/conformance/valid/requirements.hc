hypercuboid 1
# A `require` speaks of arguments, shapes and constants; in a block it is checked at each use.
#   conv 3 * 8 + 8 * 16
# expect S: params 152
use std.ops { conv }

block Even(c: int) on x {
  require c % 2 == 0 else "an even number of filters"
  require x.h == x.w and x.h >= 8
  require min(c, x.c) > 0 and (c > x.c or c == x.c)
  out x -> conv(c)
}

space S() on x: image(3, 8, 8) {
  out x -> Even(8) -> Even(16)
}
