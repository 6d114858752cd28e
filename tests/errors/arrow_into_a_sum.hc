hypercuboid 1
use std.ops { relu }
block B() on x {
  out x -> relu + x
}
