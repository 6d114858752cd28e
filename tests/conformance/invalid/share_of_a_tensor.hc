hypercuboid 1
# `share` holds a block, not what comes out of it.
# error HC3025 at 6:13
use std.ops { linear }
space S() on x: vector(4) {
  share w = x -> linear(4)
  out w
}
