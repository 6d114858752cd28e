hypercuboid 1
# Square and flat kernels of the same reach: 3 * 4 * (9 + 7 * 2) with the two flat ones in a row from 4 channels.
#   square: 108; rows: 3 * 4 * 7 = 84; row then column: 3 * 4 * 7 + 4 * 4 * 7 = 196
# expect S: weights 3, groups 1, architectures 3, params 388
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  out x -> choose window {
    square: conv(4, 3),
    row: conv(4, (1, 7)),
    cross: conv(4, (1, 7)) -> conv(4, (7, 1)),
  }
}
