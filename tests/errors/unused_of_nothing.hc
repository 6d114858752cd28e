hypercuboid 1
use std.ops { conv, bn, relu, gap, linear, identity, split }

space S() on x: image(3, 8, 8) {
  node n[i in 0..2] = x
  out concat(unused(n))
}
