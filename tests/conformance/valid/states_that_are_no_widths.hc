hypercuboid 1
# The paper's gamma is any set: here how dilated the image is seen, and whether a norm follows.
#   2 x 2 states, 2 layers: 8 weights, 2 * 2 * 2 = 8 paths; conv 2 * 2 * 9 = 36 each, bn 4 where b is "norm"
#   stem 3 * 2 * 2 = 12 (one for each state); 8 * 36 + 4 * 4 = 304
# expect S: weights 8, groups 2, architectures 8, params 316
# expect A: params 82
# decision S: h | layer: 0; 1 | a: plain; norm | b: plain; norm
use std.ops { conv, bn, identity }

let kinds = ["plain", "norm"]

space S() on x: image(3, 8, 8) {
  node stem[kind in kinds] = x -> conv(2)
  cuboid h from stem {
    state (a, b) in kinds
    depth layer in 0..2
    out h[a] -> conv(2, 3, dilation = 2 if a == "norm" else 1) -> (bn if b == "norm" else identity)
  }
  out mean kind in kinds { h[kind] }
}

arch A of S() {
  pick h[layer = 0] = plain -> norm
  pick h[layer = 1] = norm -> plain
}
