hypercuboid 1
# `let v = choose v in list { e }` chooses among the values of e.
#   c = 2 * v: 3 * 4 + 4, 3 * 8 + 8, 3 * 12 + 12 = 96
# expect S: weights 3, groups 1, architectures 3, params 96, params_range 16..48
# decision S: y.width | width: 2; 4; 6
use std.ops { conv }

block Wide() on x {
  let width = choose v in [2, 4, 6] { v }
  out x -> conv(2 * width) -> conv(1)
}

space S() on x: image(3, 8, 8) {
  let y = x -> Wide
  out y -> conv(1) if false else y
}
