hypercuboid 1
# Scales of an image as states: floats by value, `1.0` is not `1`.
#   stem at 8 x 8 or 4 x 4; conv 2 * 2 = 4 per move; 4 moves, 1 layer; stems 3 * 2 twice
# expect S: weights 4, groups 1, architectures 4, params 28
# expect A: params 10, macs 160
#   6 at 4 x 4 and 4 at 4 x 4
# decision S: h | layer: 0 | a: 0.5; 1.0 | b: 0.5; 1.0
use std.ops { conv, resize, gap }

let scales = [0.5, 1.0]

space S() on x: image(3, 8, 8) {
  node stem[s in scales] = x -> resize(s) -> conv(2)
  cuboid h from stem {
    state (a, b) in scales
    depth layer in 0..1
    out h[a] -> conv(2) -> resize(b / a)
  }
  out sum s in scales { h[s] -> gap }
}

arch A of S() {
  pick h = 0.5 -> 1.0
}
