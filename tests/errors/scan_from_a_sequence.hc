hypercuboid 1
use std.ops { linear, embed, zeros, tanh, conv, gap }

space S() on x: sequence(5, 4) {
  out scan s from x over v in x { s }
}
