hypercuboid 1
use std.ops { conv, gap, linear, relu, tanh }
use std.blocks { AuxiliaryHead }
space S() on x: image(3, 4, 4) {
  let y = x -> conv(8) -> choose act { r: relu, t: tanh }
  aux y -> AuxiliaryHead(10)
  out y -> gap -> linear(10)
}
