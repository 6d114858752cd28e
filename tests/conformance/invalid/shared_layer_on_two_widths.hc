hypercuboid 1
# error HC3120 at 6:14
use std.ops { linear }
space S() on x: vector(4), y: vector(5) {
  share w = linear(4)
  out w(x) + w(y)
}
