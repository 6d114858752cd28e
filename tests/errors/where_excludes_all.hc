hypercuboid 1
use std.ops { conv, gap }
param limit: int = 4
block B(most: int) on x {
  out x -> choose c in [8, 16] where c < most and c < 2 * limit { conv(c) } -> gap
}
space S() on x: image(3, 8, 8) { out x -> B(6) }
space T() on x: image(3, 8, 8) {
  node stem[s in [8, 16]] = x -> conv(s)
  let widest = 4
  cuboid h from stem {
    state (a, b) in [8, 16] where b <= widest
    depth layer in 0..2
    out h[a] -> conv(b)
  }
  out h[8] -> gap
}
