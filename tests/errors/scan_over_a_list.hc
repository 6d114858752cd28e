hypercuboid 1
use std.ops { linear, embed, zeros, tanh, conv, gap }

space S() on x: vector(4) {
  out scan s from x over v in [x, x] { s + v }
}
