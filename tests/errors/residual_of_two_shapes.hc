hypercuboid 1
use std.ops { conv, bn, relu, gap, linear }

block Residual(c: int, stride: int) on x {
  let y = x -> conv(c, 3, stride) -> bn
  out relu(x + y)
}

space Net(c: int = 16) on x: image(16, 32, 32) {
  out x -> Residual(c, 1) -> Residual(c, 2) -> gap -> linear(10)
}

space Wide() on x: image(16, 32, 32) {
  out x * (x -> conv(32)) -> gap -> linear(10)
}
