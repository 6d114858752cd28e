hypercuboid 1
# Each use of a block with a cuboid has a decision of its own, a cell's uses share one.
#   Stage: 4 weights, 1 group, 4 paths
# expect Own: weights 8, groups 2, architectures 16
# expect Shared: weights 4, groups 1, architectures 4
# decision Own: y.h | i: 0 | a: 1; 2 | b: 1; 2
# decision Own: out.h | i: 0 | a: 1; 2 | b: 1; 2
# decision Shared: C.h | i: 0 | a: 1; 2 | b: 1; 2
use std.ops { conv }

block Stage() on x {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [1, 2]
    depth i in 0..1
    out h[a] -> conv(b)
  }
  out sum c in [1, 2] { h[c] -> conv(3) }
}

space Own() on x: image(3, 8, 8) {
  let y = x -> Stage
  out y -> Stage
}

space Shared() on x: image(3, 8, 8) {
  cell C = Stage()
  let y = x -> C
  out y -> C
}
