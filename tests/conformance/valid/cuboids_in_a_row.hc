hypercuboid 1
# The second begins where the first ends, on states of its own between which a family stands.
#   f has 4 weights and 2 paths into each end; g goes on from that end in 2 ways: 8
# expect S: weights 8, groups 2, architectures 8
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid f from stem {
    state (a, b) in [1, 2]
    depth i in 0..1
    out f[a] -> conv(b)
  }
  node between["a"] = f[1] -> conv(4)
  node between["b"] = f[2] -> conv(4)
  cuboid g from between {
    state (s, t) in ["a", "b"]
    depth i in 0..1
    out g[s] -> conv(4)
  }
  out sum(g["a"], g["b"])
}
