hypercuboid 1
# An axis goes through a range: `0..3`, not `3`.
# error HC3001 at 7:53
use std.ops { relu }
space S() on x: vector(4) {
  node s[i in 0..2] = x
  cuboid h from s { state (a, b) in 0..2 depth i in 3 out h[a] -> relu }
  out h[0]
}
