hypercuboid 1
use std.ops { conv, bn, relu, gap, linear }

block Apply(w: block) on x { out x -> w -> relu }

space S() on x: image(3, 8, 8) {
  share W = conv(8, 3)
  out x -> Apply(W) -> Apply(W) -> gap
}
