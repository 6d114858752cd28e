hypercuboid 1
# All steps into one state give one shape.
# error HC3102 at 7:64
use std.ops { conv }
space S() on x: image(3, 8, 8) {
  node s[c in [4, 8]] = x -> conv(c)
  cuboid h from s { state (a, b) in [4, 8] depth i in 0..2 out h[a] -> conv(a) }
  out h[4]
}
