hypercuboid 1
use std.ops { linear, embed, zeros, tanh, conv, gap }

space S() on x: image(3, 8, 8) {
  out scan s from x -> gap over v in x { s }
}
