hypercuboid 1
# error HC5007 at 6:16
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> choose k in [1, 3] { conv(4, k) } }
arch A of S() {
  pick out.k = 3.0
}
