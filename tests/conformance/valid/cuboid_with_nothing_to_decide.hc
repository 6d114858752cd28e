hypercuboid 1
# One state and one way: no decision, a plain chain of three convolutions. 3 * 4 + 3 * 4 * 4 = 60.
# expect S: weights 0, groups 0, architectures 1, params 60, decided true
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  node stem[c in [4]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [4]
    depth layer in 0..3
    out h[a] -> conv(b)
  }
  out h[4]
}
