hypercuboid 1
# Ruling 8: all tensors, all blocks, or all values.
# error HC3105 at 6:11
use std.ops { relu }
space S() on x: vector(4) {
  let y = choose { a: relu, b: x }
  out x -> y
}
