hypercuboid 1
# A stride that depends on where a step comes from gives one state two sizes.
# error HC3102 at 7:64
use std.ops { conv }
space S() on x: image(3, 8, 8) {
  node s[c in [4, 8]] = x -> conv(c)
  cuboid h from s { state (a, b) in [4, 8] depth i in 0..2 out h[a] -> conv(b, stride = 2 if a == 8 else 1) }
  out h[4]
}
