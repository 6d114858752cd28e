hypercuboid 1
use std.ops { relu, tanh }

space T() on x: image(3, 8, 8) {
  out x -> choose act { a: relu, b: tanh }
}

arch A of T(c = 4) {
  pick out.act = a
}
