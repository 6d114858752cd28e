hypercuboid 1
# Each step goes up: after two of them, state 0 cannot be reached, and only it is read.
# error HC5004 at 5:1
use std.ops { relu }
space S() on x: vector(4) {
  node s[i in 0..4] = x
  cuboid h from s { state (a, b) in 0..4 where b == a + 1 depth i in 0..2 out h[a] -> relu }
  out h[0]
}
