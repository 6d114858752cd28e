hypercuboid 1
use std.ops { conv, bn, relu, gap, linear }

space S() on x: image(3, 8, 8) {
  share W = conv(8, 3) -> bn
  out x -> W -> relu -> W -> gap
}
