hypercuboid 1
# Without `top`, `zero` is an alternative like any other and counts.
# expect S: weights 4, groups 2, architectures 4, params_range 0..32
use std.ops { conv, zero }

space S() on x: image(4, 8, 8) {
  node n = sum j in 0..2 { choose op in [conv(4), zero] { x -> op } }
  out n
}
