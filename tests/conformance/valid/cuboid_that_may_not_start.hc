hypercuboid 1
# A cuboid starts only in states that two others end in both: elsewhere it is not decided, and missing.
#   8 pairs of paths end in one state and let h go 2 ways, 8 do not: 8 * 2 + 8 = 24
# expect S: weights 12, groups 3, architectures 24, params 45, params_range 9..25
# expect A: params 16
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
  node both[c in [1, 2]] = f[c] + g[c]
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
}
