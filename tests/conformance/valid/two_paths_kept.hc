hypercuboid 1
# `keep` keeps several: their sum, coefficient 1. Alternatives side by side add up (ruling 18).
#   Two: stem 4 only: 12; layer 0: 4 -> 8 (32); layer 1: 8 -> 8 (64) and 8 -> 4 (32); ends 8 + 4
#   Fork: layer 0: 4 -> 4 (16), 8 -> 4 (32) from both stems 12 + 24; layer 1: 4 -> 4 (16); end 4
# expect S: weights 8, groups 2, architectures 8
# expect Two: params 152, architectures 1
# expect Fork: params 104
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  node stem[c in [4, 8]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [4, 8]
    depth layer in 0..2
    out h[a] -> conv(b)
  }
  out sum c in [4, 8] { h[c] -> conv(1) }
}

arch Two of S() {
  pick h[layer = 0] = 4 -> 8
  keep h[layer = 1] = [8 -> 8, 8 -> 4]
}

arch Fork of S() {
  keep h[layer = 0] = [4 -> 4, 8 -> 4]
  pick h[layer = 1] = 4 -> 4
}
