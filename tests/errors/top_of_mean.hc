hypercuboid 1
use std.ops { conv, bn, relu, gap, linear, identity, split }

space S() on x: image(3, 8, 8) {
  out mean top 1 i in 0..2 { x -> choose { a: conv(4), b: conv(4, 3) } }
}
