hypercuboid 1
# A block that reads a state, which may be missing, and a tensor that is always there.
# error HC3095 at 13:20
use std.ops { conv, gap }

space S() on x: image(3, 8, 8) {
  node stem[s in [8, 16]] = x -> conv(s)
  cuboid h from stem {
    state (a, b) in [8, 16]
    depth layer in 0..2
    out h[a] -> conv(b)
  }
  out (h[8], x) -> Both() -> gap
}

block Both() on y, z {
  out concat(y, z)
}
