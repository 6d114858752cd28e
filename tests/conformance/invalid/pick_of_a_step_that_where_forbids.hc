hypercuboid 1
# error HC5007 at 10:19
use std.ops { conv }
space S() on x: image(3, 8, 8) {
  node s[c in [4, 8]] = x -> conv(c)
  cuboid h from s { state (a, b) in [4, 8] where a <= b depth i in 0..1 out h[a] -> conv(b) }
  out sum c in [4, 8] { h[c] -> conv(4) }
}
arch A of S() {
  pick h[i = 0] = 8 -> 4
}
