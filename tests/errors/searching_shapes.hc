hypercuboid 1
use std.ops { conv, relu, tanh }

space S() on x: image(3, 8, 8) {
  out x -> choose act { relu, tanh } -> conv(8 if searching else 4)
}
