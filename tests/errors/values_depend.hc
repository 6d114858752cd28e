hypercuboid 1
use std.ops { conv, bn, relu, gap, linear, identity, split }

block B() on x {
  let k = choose { one: 1, two: 3 }
  let m = choose { a: 4, b: 8 } if k == 1 else 4
  out x -> conv(m, k)
}

space S() on x: image(3, 8, 8) { out x -> B() }
