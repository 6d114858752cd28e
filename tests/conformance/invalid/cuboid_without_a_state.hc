hypercuboid 1
# error HC3020 at 6:3
use std.ops { relu }
space S() on x: vector(4) {
  node s[i in 0..2] = x
  cuboid h from s { depth i in 0..2 out h[0] -> relu }
  out h[0]
}
