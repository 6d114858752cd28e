hypercuboid 1
use std.ops { linear, embed, zeros, tanh, conv, gap }

space S() on x: tokens(5, 11) {
  out x -> zeros(4)
}
