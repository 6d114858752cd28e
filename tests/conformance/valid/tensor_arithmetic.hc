hypercuboid 1
# Ruling 7: equal shapes, a vector with an image of as many channels, and numbers on either side. Nothing is counted.
#   squeeze and excitation: linear 4 * 2 + 2, linear 2 * 4 + 4
# expect S: params 22
use std.ops { gap, linear, relu, sigmoid }

block Squeeze(r: int) on x {
  out x * (x -> gap -> linear(x.c // r) -> relu -> linear(x.c) -> sigmoid)
}

space S() on x: image(4, 8, 8) {
  let y = x -> Squeeze(2)
  out -(2 * y - x) + 0.5 + (1 - x * 3)
}
