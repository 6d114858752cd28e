hypercuboid 1
# `where` restricts the pairs: neighbours among 0, 1, 2 are 7 of 9. Paths of 2 steps from any start to any end:
# the square of [[1, 1, 0], [1, 1, 1], [0, 1, 1]] is [[2, 2, 1], [2, 3, 2], [1, 2, 2]]: 17.
# expect S: weights 14, groups 2, architectures 17, params 14
use std.ops { dwconv }

space S() on x: image(1, 8, 8) {
  node stem[s in 0..3] = x
  cuboid h from stem {
    state (s, t) in 0..3 where abs(s - t) <= 1
    depth layer in 0..2
    out h[s] -> dwconv(1)
  }
  out sum s in 0..3 { h[s] }
}
