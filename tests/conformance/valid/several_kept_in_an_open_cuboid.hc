hypercuboid 1
# One step keeps two alternatives, its neighbours stay open: 4 steps into 8 or 4, then both go on.
#   layer 0: 2 starts x 2 ends; layer 1 is kept: 4 -> 8 and 8 -> 4, the one that starts where layer 0 ends runs;
#   layer 2 from that one state: 2 ways: 8 architectures
# expect S: weights 12, groups 3, architectures 16
# expect H: groups 2, architectures 8
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

arch H of S() partial {
  keep h[layer = 1] = [4 -> 8, 8 -> 4]
}
