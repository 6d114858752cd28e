hypercuboid 1
# error HC3105 at 5:11
use std.ops { relu }
space S() on x: vector(4) {
  let y = choose { a: relu, b: 3 }
  out x -> y
}
