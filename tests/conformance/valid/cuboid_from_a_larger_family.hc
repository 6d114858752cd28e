hypercuboid 1
# `from` must have every state and may have more.
#   stems of 2 and 4 are read: 6 + 12; moves 4 + 8 + 8 + 16 = 36; ends 2 + 4
# expect S: weights 4, groups 1, architectures 4, params 60
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  node stem[c in 1..6] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [2, 4]
    depth layer in 0..1
    out h[a] -> conv(b)
  }
  out sum c in [2, 4] { h[c] -> conv(1) }
}
