hypercuboid 1
# The body of a fold is an expression, or `let`s and an `out`.
# error HC1002 at 6:30
use std.ops { relu }
block B() on x {
  out x -> chain i in 0..2 { require i >= 0 out relu }
}
