hypercuboid 1
# Only h[8] is read, and the path ends in 4: an architecture without an output is none.
# error HC5004 at 10:1
use std.ops { conv }
space S() on x: image(3, 8, 8) {
  node s[c in [4, 8]] = x -> conv(c)
  cuboid h from s { state (a, b) in [4, 8] depth i in 0..1 out h[a] -> conv(b) }
  out h[8]
}
arch A of S() {
  pick h[i = 0] = 8 -> 4
}
