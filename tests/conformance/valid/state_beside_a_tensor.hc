hypercuboid 1
# A block reads a state, which may be missing, beside a tensor that is always there.
#   4 paths; where the path ends in 1, the block sees x alone: 2 * 2 + 2 * 2 = 8
# expect S: weights 6, groups 2, architectures 8, params 42, params_range 7..31
use std.ops { conv, relu }

space S() on x: image(3, 4, 4) {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out h[a] -> conv(b)
  }
  out sum((h[2], x) -> Either(), sum c in [1, 2] { h[c] -> conv(3) })
}

block Either() on y, z {
  out sum(y -> conv(3), z) -> choose op { plain: relu, wide: conv(3) }
}
