hypercuboid 1
# error HC1002 at 5:10
use std.ops { relu }
block B() on x {
  node n -> relu
  out n
}
