hypercuboid 1
# The copies of the block are mixed, so a chosen width may not leave it.
# error HC3103 at 6:3
use std.ops { conv }
block B() on x {
  let c = choose { small: 4, large: 8 }
  out x -> conv(c)
}
space S() on x: image(3, 8, 8) { out x -> B }
