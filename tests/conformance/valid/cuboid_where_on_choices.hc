hypercuboid 1
# `where` of a choice may read depths and states: layer 0 has k = 1, layer 1 has 1 and 3, layer 2 has 1, 3 and 5.
#   4 pairs * (1 + 2 + 3) = 24 weights, 3 groups; 2 * (2 * 1) * (2 * 2) * (2 * 3) = 96 paths
# expect S: weights 24, groups 3, architectures 96
# expect Down: weights 8, groups 2, architectures 8
#   Down: only 1 -> 1: k in 1, 3; 1 -> 2: k = 1; 2 -> 2: k = 1: 4 moves per layer
#   paths: from 1: to 1 by 2, to 2 by 1; from 2: to 2 by 1; two steps: 1-1-1: 4, 1-1-2: 2, 1-2-2: 1, 2-2-2: 1: 8
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  node stem[c in [2, 4]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [2, 4]
    depth layer in 0..3
    choice k in [1, 3, 5] where k <= 2 * layer + 1
    out h[a] -> conv(b, k)
  }
  out sum c in [2, 4] { h[c] -> conv(1) }
}

space Down() on x: image(3, 8, 8) {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [1, 2] where a <= b
    depth layer in 0..2
    choice k in [1, 3] where a == 1 and b == 1 or k == 1
    out h[a] -> conv(b, k)
  }
  out sum c in [1, 2] { h[c] -> conv(1) }
}
