hypercuboid 1
# A cell is a block with a name; a pipeline has none.
# error HC3011 at 6:12
use std.ops { relu, tanh }
space S() on x: vector(4) {
  cell C = relu -> tanh
  out x -> C
}
