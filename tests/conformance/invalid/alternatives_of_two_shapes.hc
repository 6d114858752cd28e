hypercuboid 1
# Ruling 8: alternatives are mixed, so they have one shape.
# error HC3103 at 6:12
use std.ops { conv, max_pool }
space S() on x: image(3, 8, 8) {
  out x -> choose op { conv: conv(3, 3), pool: max_pool(3, 2) }
}
