hypercuboid 1
# error HC3101 at 6:7
use std.ops { conv, max_pool }
space S() on x: image(3, 8, 8) {
  let y = x -> conv(3)
  out y + (x -> max_pool(3, 2))
}
