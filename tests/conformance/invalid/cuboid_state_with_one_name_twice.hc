hypercuboid 1
# error HC2012 at 6:21
use std.ops { relu }
space S() on x: vector(4) {
  node s[i in 0..2] = x
  cuboid h from s { state (a, a) in 0..2 depth i in 0..2 out h[a] -> relu }
  out h[0]
}
