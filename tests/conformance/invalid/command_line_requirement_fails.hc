hypercuboid 1
# run S -p c=6
# error HC5001 at 6:11
use std.ops { conv }
space S(c: int = 8) on x: image(3, 8, 8) {
  require c % 4 == 0 else "a multiple of 4 filters"
  out x -> conv(c)
}
