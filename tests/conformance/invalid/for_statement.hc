hypercuboid 1
# Repetition is a fold: `chain i in 0..3 { ... }`.
# error HC1002 at 6:3
use std.ops { conv }
block B() on x {
  for i in 0..3 { x -> conv(4) }
  out x
}
