hypercuboid 1
use std.ops { relu, tanh, identity, conv }

space S() on x: image(3, 8, 8) {
  out x -> choose depth { a: relu, b: tanh }
}

block B() on x {
  out x -> choose op in [identity, conv] { op(4, stride = 2) }
}
