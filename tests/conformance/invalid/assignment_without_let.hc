hypercuboid 1
# An assignment needs `let`.
# error HC1002 at 6:3
use std.ops { conv }
block B() on x {
  y = x -> conv(4)
  out y
}
