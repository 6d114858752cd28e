hypercuboid 1
use std.ops { conv, bn, relu, gap, linear }

block Fit(c: int) on x { out (x if x.h == 8 else x -> conv(c)) -> conv(c, 3) }

space S() on x: image(3, 8, 8) {
  share W = Fit(3)
  out x -> W -> conv(3, 3, stride = 2) -> W -> gap
}
