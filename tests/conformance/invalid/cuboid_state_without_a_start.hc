hypercuboid 1
# error HC3019 at 6:17
use std.ops { conv }
space S() on x: image(3, 8, 8) {
  node s[c in [4, 8]] = x -> conv(c)
  cuboid h from s { state (a, b) in [4, 8, 16] depth i in 0..2 out h[a] -> conv(b) }
  out h[4]
}
