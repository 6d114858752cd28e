hypercuboid 1
use std.ops { conv, bn, relu, gap, linear, identity, split }

space S() on x: image(3, 8, 8) {
  out x -> choose { a: conv(4), b: 3 }
}
