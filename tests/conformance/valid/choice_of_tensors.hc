hypercuboid 1
# Alternatives that are tensors: both are computed, one survives. 3 * 4 + 3 * 4 * 9 = 120, linear 4 * 2 + 2.
# expect S: weights 2, groups 1, architectures 2, params 130, params_range 22..118
# expect Small: weights 0, architectures 1, params 22
# decision S: y | y: small; large
use std.ops { conv, gap, linear }

space S() on x: image(3, 8, 8) {
  let y = choose { small: x -> conv(4), large: x -> conv(4, 3) }
  out y -> gap -> linear(2)
}

arch Small of S() {
  pick y = small
}
