hypercuboid 1
use std.ops { conv }
let k = sum a in 0..10000, b in 0..10000 { a * b }
space S() on x: image(3, 8, 8) {
  out x -> conv(k)
}
