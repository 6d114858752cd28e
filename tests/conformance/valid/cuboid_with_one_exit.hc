hypercuboid 1
# A trellis over two widths and two layers, its exit the wider: 2 * 4 * 2 = 16 weights in a group per layer.
# Paths: 2 starts, 2 * 2 moves, then 2 ops into 8: 16. What leads to h[4] last is counted but not built (ruling 15).
#   stems 12 + 24; step 0: (16 + 32 + 32 + 64) * (1 + 9) = 1440; step 1 into 8: (32 + 64) * 10 = 960; linear 18
#   cheapest 4 -> 4 -> 8: 12 + 16 + 32 + 18; dearest 8 -> 8 -> 8: 24 + 576 + 576 + 18
# expect S: tuple ((2 x 2) x 2 x 2), weights 16, groups 2, architectures 16, params 2454, params_range 78..1194
# expect Narrow: params 78, architectures 1
# decision S: h | layer: 0; 1 | a: 4; 8 | b: 4; 8 | op: conv(k = 1); conv(k = 3)
use std.ops { conv, gap, linear }

space S() on x: image(3, 8, 8) {
  node stem[c in [4, 8]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [4, 8]
    depth layer in 0..2
    choice op in [conv(k = 1), conv(k = 3)]
    out h[a] -> op(b)
  }
  out h[8] -> gap -> linear(2)
}

arch Narrow of S() {
  pick h[layer = 0] = 4 -> 4: conv(k = 1)
  pick h[layer = 1] = 4 -> 8: conv(k = 1)
}
