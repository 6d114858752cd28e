hypercuboid 1
use std.ops { conv, bn, relu, gap, linear, identity, split }

space S() on x: image(3, 8, 8) {
  node stem[c in [8, 16]] = x -> conv(c, 3) -> bn
  cuboid h from stem {
    state (a, b) in [8, 24]
      depth layer in 0..2
    out h[a] -> conv(b)
  }
  out h[8] -> gap -> linear(10)
}
