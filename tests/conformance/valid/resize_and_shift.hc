hypercuboid 1
# Resizing costs nothing; sizes stay whole; `shift` keeps them.
#   macs: 2 * 3 at 4 * 4 = 96, 3 * 3 at 16 * 16 = 2304
# expect S: params 15, macs 2400, add_mult 2400
use std.ops { conv, resize, shift }

space S() on x: image(2, 8, 8) {
  let small = x -> resize(0.5) -> conv(3)
  require small.h == 4
  let large = small -> resize(2 ** 2)
  require large.h == 16
  require (x -> resize(1.5)).h == 12
  out large -> shift -> shift(2) -> conv(3)
}
