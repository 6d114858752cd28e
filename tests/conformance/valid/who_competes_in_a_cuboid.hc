hypercuboid 1
# The groups of one array under other rules: per depth coordinate, per target, per op, and all of them at once.
#   2 x 2 states, 3 layers, 2 ops: 24 weights; 2 * 4 ** 3 paths whoever competes
# expect Usual: weights 24, groups 3, architectures 128
# expect Targets: weights 24, groups 6
# expect Ops: weights 24, groups 2
# expect Each: weights 24, groups 24
use std.ops { conv }

let ops = [conv(2), conv(2, 3)]

space Usual() on x: image(2, 4, 4) {
  node stem[s in 0..2] = x
  cuboid h from stem {
    state (s, t) in 0..2
    depth layer in 0..3
    choice op in ops
    out h[s] -> op
  }
  out sum s in 0..2 { h[s] }
}

space Targets() on x: image(2, 4, 4) {
  node stem[s in 0..2] = x
  cuboid h from stem {
    state (s, t) in 0..2
    depth layer in 0..3
    choice op in ops
    compete per (layer, t)
    out h[s] -> op
  }
  out sum s in 0..2 { h[s] }
}

space Ops() on x: image(2, 4, 4) {
  node stem[s in 0..2] = x
  cuboid h from stem {
    state (s, t) in 0..2
    depth layer in 0..3
    choice op in ops
    compete per op
    out h[s] -> op
  }
  out sum s in 0..2 { h[s] }
}

space Each() on x: image(2, 4, 4) {
  node stem[s in 0..2] = x
  cuboid h from stem {
    state (s, t) in 0..2
    depth layer in 0..3
    choice op in ops
    compete per (s, t, layer, op)
    out h[s] -> op
  }
  out sum s in 0..2 { h[s] }
}
