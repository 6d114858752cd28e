hypercuboid 1
# A cuboid starts in the sums of states that two others end in.
#   4 * 4 pairs of paths; h starts from all states that they end in: 8 * 2 + 8 * 4 = 48
# expect S: weights 12, groups 3, architectures 48, params 45, params_range 9..25
# expect A: params 22
use std.ops { conv }

space S() on x: image(3, 4, 4) {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid f from stem {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out f[a] -> conv(b)
  }
  cuboid g from stem {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out g[a] -> conv(b)
  }
  node both[c in [1, 2]] = sum(f[c], g[c])
  cuboid h from both {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out h[a] -> conv(b)
  }
  let ends = sum c in [1, 2] { sum(f[c] -> conv(1), g[c] -> conv(1)) }
  out sum(sum c in [1, 2] { h[c] -> conv(1) }, ends)
}

arch A of S() {
  pick f = 1 -> 2
  pick g = 2 -> 1
  pick h = 2 -> 2
}
