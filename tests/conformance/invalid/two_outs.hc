hypercuboid 1
# error HC1016 at 6:3
use std.ops { relu }
block B() on x {
  out x
  out x -> relu
}
