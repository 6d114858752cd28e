hypercuboid 1
use std.ops { conv, bn, relu, gap, linear }

space S() on x: image(3, 8, 8) {
  share W[i in 0..0] = conv(3, 3)
  out x -> W[0] -> gap
}
