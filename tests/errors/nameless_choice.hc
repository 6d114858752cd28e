hypercuboid 1
use std.ops { conv, relu, tanh }
space S() on x: image(3, 8, 8) {
  out x -> conv(4) -> choose { r: relu, t: tanh }
}
