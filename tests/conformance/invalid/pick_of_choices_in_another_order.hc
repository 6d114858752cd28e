hypercuboid 1
# Ruling 18: a tuple has the choices in declared order, (k, dilation).
# error HC5007 at 17:19
use std.ops { conv }
space S() on x: image(3, 8, 8) {
  node s[c in [4]] = x -> conv(c)
  cuboid h from s {
    state (a, b) in [4]
    depth i in 0..1
    choice k in [3, 5]
    choice dilation in [1, 2]
    out h[a] -> conv(b, k, dilation = dilation)
  }
  out h[4]
}
arch A of S() {
  pick h[i = 0] = 4 -> 4: (2, 3)
}
