hypercuboid 1
use std.ops { conv }
let k = choose k { one: 1, three: 3 }

space S() on x: image(3, 8, 8) {
  out x -> conv(4, k)
}
