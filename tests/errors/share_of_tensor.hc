hypercuboid 1
use std.ops { conv, bn, relu, gap, linear }

space S() on x: image(3, 8, 8) {
  share W = x -> conv(8)
  out W -> gap
}
