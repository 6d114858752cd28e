hypercuboid 1
# A choice whose first alternative reads a state: where the path ends elsewhere, it is none.
#   2 paths end in 2 and leave both alternatives, 2 end in 1 and leave one: 2 * 2 + 2 = 6
# expect S: weights 6, groups 2, architectures 6, params 33, params_range 7..22
use std.ops { conv }

space S() on x: image(3, 4, 4) {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out h[a] -> conv(b)
  }
  out sum(choose way { state: h[2] -> conv(3), input: x }, sum c in [1, 2] { h[c] -> conv(3) })
}
