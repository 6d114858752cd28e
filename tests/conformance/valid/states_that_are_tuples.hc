hypercuboid 1
# A state may be several hyperparameters at once: (filters, dilation). The family before counts its members by position.
#   stems 3 * 2 + 3 * 4; steps a.c * b.c * 9: (4 + 8 + 8 + 16) * 9 = 324 per layer; ends 2 + 4
#   A: 6 + 2 * 4 * 9 + 4 * 2 * 9 + 2
# expect S: weights 8, groups 2, architectures 8, params 672
# expect A: params 152
# decision S: h | layer: 0; 1 | a: (2, 1); (4, 2) | b: (2, 1); (4, 2)
use std.ops { conv }

let kinds = [(2, 1), (4, 2)]

space S() on x: image(3, 8, 8) {
  node stem[kind in kinds] = x -> conv(kind[0])
  cuboid h from stem {
    state (a, b) in kinds
    depth layer in 0..2
    out h[a] -> conv(b[0], 3, dilation = b[1])
  }
  out sum kind in kinds { h[kind] -> conv(1) }
}

arch A of S() {
  pick h[layer = 0] = (2, 1) -> (4, 2)
  pick h[layer = 1] = (4, 2) -> (2, 1)
}
