hypercuboid 1
# error HC3018 at 5:12
use std.ops { relu }
space S() on x: vector(4) {
  node n = relu
  out x -> n
}
