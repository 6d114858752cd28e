hypercuboid 1
use std.ops { conv, bn, relu, gap, linear, identity, split }

space S() on x: image(3, 8, 8) {
  node stem[c in [8, 16]] = x -> conv(c, 3) -> bn
  cuboid h from stem {
    state (a, b) in [8, 16]
      depth layer in 0..2
      choice op in [conv, conv(k = 3)]
    out h[a] -> op(b)
  }
  out h[8] -> gap -> linear(10)
}

arch A of Nowhere() {
}
