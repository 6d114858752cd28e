hypercuboid 1
use std.ops { bn, conv, drop_path, gap, linear, relu }
use std.blocks { SharpSepConv }

## A small network for digits with all that the final training of the paper has: drop path on its residual paths, and an
## auxiliary head.
block Residual() on x {
  node path = x -> SharpSepConv(x.c, affine = true) -> drop_path
  out x + path
}

space Digits(c: int = 16) on x: image(1, 8, 8) {
  node stem = x -> conv(c, 3) -> bn
  node first = stem -> Residual -> Residual
  node half = first -> SharpSepConv(2 * c, stride = 2, affine = true)
  aux half -> relu -> gap -> linear(10)
  out half -> Residual -> Residual -> relu -> gap -> linear(10)
}
