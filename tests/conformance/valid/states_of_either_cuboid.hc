hypercuboid 1
# A fold over states of two cuboids is there where one of the paths ends in them.
#   of 4 * 4 pairs of paths 2 * 2 end in 1 both: 12 * 2 + 4 = 28
# expect S: weights 10, groups 3, architectures 28, params 53, params_range 7..37
use std.ops { conv }

space S() on x: image(3, 4, 4) {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out h[a] -> conv(b)
  }
  cuboid g from stem {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out g[a] -> conv(b)
  }
  let ends = sum c in [1, 2] { sum(h[c] -> conv(1), g[c] -> conv(1)) }
  out sum(sum(h[2], g[2]) -> choose k { one: conv(1), three: conv(1, 3) }, ends)
}
