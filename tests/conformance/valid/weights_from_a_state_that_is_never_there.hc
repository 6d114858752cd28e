hypercuboid 1
use std.ops { conv, gap, linear, relu, tanh, identity }
# Ruling 15: what is declared counts, also from a state that nothing leads to. h: 3 steps of 2 + 1, g: 4 in 2 groups.
# expect S: weights 13, groups 5, architectures 24
space S() on x: image(3, 8, 8) {
  node stem[c in [4, 8]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [4, 8] where b == 4
    depth layer in 0..3
    choice k in [3, 1] where a == 4 or k == 3
    out h[a] -> conv(b, k)
  }
  node again[c in [4, 8]] = h[c] -> relu
  cuboid g from again {
    state (a, b) in [4, 8]
    depth layer in 0..1
    compete per (layer, a)
    out g[a] -> conv(b)
  }
  out sum c in [4, 8] { g[c] -> conv(2) } -> gap
}
