hypercuboid 1
# A cuboid starts from named nodes, one per state.
# error HC3019 at 6:17
use std.ops { relu }
space S() on x: vector(4) {
  cuboid h from [x, x] { state (a, b) in 0..2 depth i in 0..2 out h[a] -> relu }
  out h[0]
}
