hypercuboid 1
# error HC5003 at 6:53
use std.ops { relu }
space S(layers: int = 0) on x: vector(4) {
  node s[i in 0..2] = x
  cuboid h from s { state (a, b) in 0..2 depth i in 0..layers out h[a] -> relu }
  out h[0]
}
