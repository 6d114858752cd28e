hypercuboid 1
# The steps of a cuboid read a state of another one; a candidate that needs it is none where it is missing.
#   h ends in 2 by 2 paths, then g has 4 moves by 2 ways, else 4 by one: 2 * 8 + 2 * 4 = 24
# expect S: weights 12, groups 2, architectures 24, params 57, params_range 7..23
# expect A: params 20
use std.ops { conv }

space S() on x: image(3, 4, 4) {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out h[a] -> conv(b)
  }
  cuboid g from stem {
    state (a, b) in [1, 2]
    depth layer in 0..1
    choice way in [0, 1]
    out (g[a] if way == 0 else (g[a] -> conv(2)) + h[2]) -> conv(b)
  }
  out sum(sum c in [1, 2] { h[c] -> conv(1) }, sum c in [1, 2] { g[c] -> conv(1) })
}

arch A of S() {
  pick h = 1 -> 2
  pick g = 2 -> 1: 1
}
