hypercuboid 1
# error HC5011 at 9:3
use std.ops { relu, tanh }
space S() on x: vector(4) {
  node n = sum top 2 j in 0..3 { choose act in [relu, tanh] { x -> act } }
  out n
}
arch A of S() {
  pick n = [0: relu]
}
