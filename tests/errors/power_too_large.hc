hypercuboid 1
use std.ops { conv, bn, relu, gap, linear, identity, split }

space S() on x: image(3, 8, 8) {
  let y = 2 ** 2 ** 30
  out x
}
