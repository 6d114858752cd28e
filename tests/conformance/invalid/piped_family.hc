hypercuboid 1
# error HC3002 at 6:7
use std.ops { relu }
space S() on x: vector(4) {
  node n[i in 0..3] = x
  out n -> relu
}
