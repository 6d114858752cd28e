hypercuboid 1
use std.ops { conv, bn, relu, gap, linear }

space S() on x: image(3, 8, 8) {
  share stem[c in [4, 8]] = conv(c)
  cuboid h from stem {
    state (a, b) in [4, 8]
    depth layer in 0..2
    out h[a] -> conv(b, 3)
  }
  out h[8] -> gap
}
