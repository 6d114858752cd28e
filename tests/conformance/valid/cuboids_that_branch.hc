hypercuboid 1
# Two cuboids start where a third one ends.
#   4 paths of h, and 2 of f and of g from where it ends: 4 * 2 * 2 = 16
# expect S: weights 12, groups 3, architectures 16, params 42, params_range 8..22
# expect A: params 14
use std.ops { conv }

space S() on x: image(3, 4, 4) {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out h[a] -> conv(b)
  }
  cuboid f from h {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out f[a] -> conv(b)
  }
  cuboid g from h {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out g[a] -> conv(b)
  }
  out sum(sum c in [1, 2] { f[c] -> conv(1) }, sum c in [1, 2] { g[c] -> conv(1) })
}

arch A of S() {
  pick h = 1 -> 2
  pick f = 2 -> 1
  pick g = 2 -> 2
}
