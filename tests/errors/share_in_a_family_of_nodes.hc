hypercuboid 1
use std.ops { conv, bn, relu, gap, linear }

space S() on x: image(3, 8, 8) {
  node n[0] = x
  share n[i in 1..3] = conv(3, 3)
  out n[0] -> n[1] -> n[2] -> gap
}
