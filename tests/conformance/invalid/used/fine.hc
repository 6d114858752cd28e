hypercuboid 1
# Used by programs of this folder.
use std.ops { conv }
let hidden = conv
block Narrow(c: int) on x {
  require c < 8 else "Narrow takes less than 8 filters"
  out x -> conv(c)
}
