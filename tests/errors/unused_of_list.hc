hypercuboid 1
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  node n[0] = x -> conv(4)
  node n[1] = n[0] -> conv(4)
  let list = [n[0], n[1]]
  out concat(unused(list))
}
