hypercuboid 1
# error HC1002 at 5:48
use std.ops { conv }
block B() on x {
  out x -> chain i in 0..2 { let c = 2 * i + 2 conv(c) }
}
