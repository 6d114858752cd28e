hypercuboid 1
# A cuboid that one alternative reads: it is decided always, and costs where that is kept.
#   4 paths, 2 alternatives; the other costs 3 * 1 weights, this one at least 3 + 1 + 1 + 1
# expect S: weights 6, groups 2, architectures 8, params 25, params_range 3..13
# expect A: params 3
use std.ops { conv }

space S() on x: image(3, 4, 4) {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out h[a] -> conv(b)
  }
  let y = sum c in [1, 2] { h[c] -> conv(1) }
  out choose way { path: y -> conv(1), plain: x -> conv(1) }
}

arch A of S() {
  pick h = 1 -> 2
  pick out.way = plain
}
