hypercuboid 1
use std.ops { conv, bn, relu, gap, linear, identity, split }

space S() on x: image(3, 8, 8) {
  let a = x -> conv(8, 3)
  let b = x -> conv(8, 3, stride = 2)
  out sum p in [a, b] { p }
}
