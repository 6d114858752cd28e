hypercuboid 1
# One state: a chain of choices in the shape of a cuboid. 3 layers of 2 ops: 6 weights, 3 groups, 8 paths.
#   conv 3 * 4; 3 * (16 + 144) = 480
# expect S: tuple ((1 x 1) x 3 x 2), weights 6, groups 3, architectures 8, params 492
# expect A: params 188
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  node stem[c in [4]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [4]
    depth layer in 0..3
    choice k in [1, 3]
    out h[a] -> conv(b, k)
  }
  out h[4]
}

arch A of S() {
  pick h[layer = 0] = 4 -> 4: 3
  pick h[layer = 1] = 4 -> 4: 1
  pick h[layer = 2] = 4 -> 4: 1
}
