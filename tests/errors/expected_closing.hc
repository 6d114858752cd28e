hypercuboid 1
use std.ops { conv }
block B(c: int) on x {
  let y = x -> conv(c, 3
  out y
}
