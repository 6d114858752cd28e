hypercuboid 1
# error HC3104 at 5:15
use std.ops { conv }
block B() on x {
  let c = 2 * choose c { small: 4, large: 8 }
  out x -> conv(c)
}
space S() on x: image(3, 8, 8) { out x -> B }
