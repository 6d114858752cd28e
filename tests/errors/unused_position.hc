hypercuboid 1
use std.ops { conv, identity }

space S() on x: image(3, 8, 8) {
  node n[0] = x -> conv(4)
  node n[i in 1..3] = choose j in 0..i, op in [identity, conv(4, 3)] { n[j] -> op }
  out unused(n)[0]
}
