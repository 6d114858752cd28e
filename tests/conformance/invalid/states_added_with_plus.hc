hypercuboid 1
# A path ends in one state, and `+` needs both: no architecture has an output. `sum` would drop the other one.
# error HC5004 at 11:7
use std.ops { dwconv }

space S() on x: image(1, 8, 8) {
  node stem[s in 0..2] = x
  cuboid h from stem {
    state (s, t) in 0..2 depth layer in 0..2 out h[s] -> dwconv(3)
  }
  out h[0] + h[1]
}
