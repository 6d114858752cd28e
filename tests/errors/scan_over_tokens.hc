hypercuboid 1
use std.ops { linear, embed, zeros, tanh, conv, gap }

space S() on x: tokens(5, 11), y: vector(4) {
  out scan s from y over v in x { s }
}
