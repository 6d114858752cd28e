hypercuboid 1
use std.ops { conv, bn, relu, gap, linear }

block B(c: int) on x { out x -> conv(c) }

space S() on x: image(3, 8, 8) {
  share W = B(3)
  cell C = W
  out x -> W -> C -> gap
}
