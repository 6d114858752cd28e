hypercuboid 1
# A block on its own needs the shape of its input where it reads it.
# run B
# error HC3006 at 7:11
use std.ops { relu }
block B() on x {
  require x.h == 8
  out x -> relu
}
