hypercuboid 1
# A chain of stages, its layers chosen per (stage, layer).
#   2 stages of 2: 4 * 4 * (1 + 9) = 160 each, the first from 3 channels: 120
# expect S: weights 8, groups 4, architectures 16, params 600
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  out x -> chain stage in 0..2, layer in 0..2 { choose k in [1, 3] { conv(4, k) } }
}
