hypercuboid 1
# A conditional is an expression with both sides.
# error HC1002 at 6:3
use std.ops { relu }
block B(deep: bool) on x {
  if deep { out x -> relu }
  out x
}
