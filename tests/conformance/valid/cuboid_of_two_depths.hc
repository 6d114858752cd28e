hypercuboid 1
# Ruling 13: steps run with the last depth fastest, and the stride that ends a stage is read off the coordinates.
# A state that a path does not visit still has the shape that a step into it would give.
#   2 x 2 states, 2 stages, 3 layers: 24 weights, 6 groups, 2 * 2 ** 6 = 128 paths
#   stems 6 + 12; each step (4 + 8 + 8 + 16) = 36, six of them; ends 2 + 4
# expect S: tuple ((2 x 2) x 2 x 3), weights 24, groups 6, architectures 128, params 240
# expect Wide: params 112
#   Wide: stem 12, six steps of 16, end 4
# expect Zigzag: params 56, macs 4122
#   stem 6 at 12 x 12; stage 0: 8 and 8 at 12 x 12, 8 at 6 x 6; stage 1: 8 and 8 at 6 x 6, 8 at 3 x 3; end 2 at 3 x 3
#   6 + 6 * 8 + 2 = 56; 144 * 22 + 36 * 24 + 9 * 10 = 4122
use std.ops { conv }

space S() on x: image(3, 12, 12) {
  node stem[c in [2, 4]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [2, 4]
    depth stage in 0..2
    depth layer in 0..3
    out h[a] -> conv(b, stride = 2 if layer == 2 else 1)
  }
  require h[2].h == 3
  out sum c in [2, 4] { h[c] -> conv(1) }
}

## Ends in 4: h[2] is missing, and its height is asked for.
arch Wide of S() {
  pick h = 4 -> 4
}

arch Zigzag of S() {
  pick h[stage = 0, layer = 0] = 2 -> 4
  pick h[stage = 0, layer = 1] = 4 -> 2
  pick h[stage = 0, layer = 2] = 2 -> 4
  pick h[stage = 1, layer = 0] = 4 -> 2
  pick h[stage = 1, layer = 1] = 2 -> 4
  pick h[stage = 1, layer = 2] = 4 -> 2
}
