hypercuboid 1
# error HC1016 at 9:3
use std.ops { conv, gap }
space S() on x: image(3, 8, 8) {
  node stem[c in [4, 8]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [4, 8] depth layer in 0..2
    out h[a] -> conv(b)
  node n = h[4]
  out n -> gap
}
