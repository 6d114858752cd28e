hypercuboid 1
# `partial`: one step is fixed, its neighbours stay open.
#   middle fixed to 8 -> 4: layer 0 must end in 8: 2 ways; layer 2 starts in 4: 2 ways: 4 paths
#   Done: stem 12, three steps of 32, end 8
# expect S: weights 12, groups 3, architectures 16
# expect Half: groups 2, architectures 4
# expect Done: params 116
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  node stem[c in [4, 8]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [4, 8]
    depth layer in 0..3
    out h[a] -> conv(b)
  }
  out sum c in [4, 8] { h[c] -> conv(1) }
}

arch Half of S() partial {
  pick h[layer = 1] = 8 -> 4
}

arch Done of S() {
  pick h[layer = 0] = 4 -> 8
  pick h[layer = 1] = 8 -> 4
  pick h[layer = 2] = 4 -> 8
}
