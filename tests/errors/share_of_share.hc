hypercuboid 1
use std.ops { conv, bn, relu, gap, linear }

space S() on x: image(3, 8, 8) {
  share W = conv(3, 3)
  share V = W
  out x -> W -> V -> gap
}
