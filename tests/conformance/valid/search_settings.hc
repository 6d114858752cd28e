hypercuboid 1
# A `search` holds the defaults of a search; keywords may name settings. It changes nothing of the space.
# expect S: weights 2, groups 1, architectures 2, params 60
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  out x -> choose k in [1, 3] { conv(2, k) }
}

search Quick of S {
  epochs = 3
  batch = 32
}
