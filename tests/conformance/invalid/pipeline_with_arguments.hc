hypercuboid 1
# error HC3013 at 6:12
use std.ops { conv, relu }
space S() on x: image(3, 8, 8) {
  let f = conv(4) -> relu
  out x -> f(8)
}
