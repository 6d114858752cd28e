hypercuboid 1
# error HC4001 at 6:42
use std.ops { relu }
space S() on x: vector(4) {
  node s[i in 0..2] = x
  cuboid h from s { state (a, b) in 0..2 depth i in 0..1000000000 out h[a] -> relu }
  out h[0]
}
