hypercuboid 1
# error HC1002 at 6:1
use std.ops { relu, tanh }
block B() on x {
  out x -> choose op in [relu, tanh]
}
