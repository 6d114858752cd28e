hypercuboid 1
# error HC3106 at 6:3
use std.ops { conv }
block B() on x {
  let k = choose { one: 1, three: 3 }
  let d = choose v in 1..k + 1 { v }
  out x -> conv(4, k, dilation = d)
}
space S() on x: image(3, 8, 8) { out x -> B }
