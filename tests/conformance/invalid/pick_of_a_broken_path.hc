hypercuboid 1
# error HC5004 at 6:3
use std.ops { conv }
space S() on x: image(3, 8, 8) {
  node s[c in [4, 8]] = x -> conv(c)
  cuboid h from s { state (a, b) in [4, 8] depth i in 0..2 out h[a] -> conv(b) }
  out sum c in [4, 8] { h[c] -> conv(4) }
}
arch A of S() {
  pick h[i = 0] = 4 -> 4
  pick h[i = 1] = 8 -> 8
}
