hypercuboid 1
# Terms of `sum top` are picked by their coordinate.
# error HC5010 at 10:13
use std.ops { relu, tanh }
space S() on x: vector(4) {
  node n = sum top 1 j in 0..3 { choose act in [relu, tanh] { x -> act } }
  out n
}
arch A of S() {
  pick n = [relu]
}
