hypercuboid 1
# The result of a body is its `out`.
# error HC1002 at 6:3
use std.ops { relu }
block B() on x {
  return x -> relu
}
