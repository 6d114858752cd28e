hypercuboid 1
# The primitives of NASNet with the operations of DARTS. Each takes filters and stride.
use std.ops { bn, conv, relu }
use std.blocks { SepConv }
use std.darts { none, max_pool_3x3, avg_pool_3x3, skip_connect, sep_conv_3x3, sep_conv_5x5, dil_conv_3x3, dil_conv_5x5 }

block sep_conv_7x7(c: int, stride: int = 1) on x {
  out x -> SepConv(c, 7, stride = stride)
}

## A 1x7 and a 7x1 convolution, one after the other.
block conv_7x1_1x7(c: int, stride: int = 1, affine: bool = not searching) on x {
  out x -> relu -> conv(x.c, (1, 7), stride = (1, stride)) -> conv(c, (7, 1), stride = (stride, 1)) -> bn(affine)
}

## In the order of the columns of the architecture weights.
let nasnet_primitives = [
  none, max_pool_3x3, avg_pool_3x3, skip_connect,
  sep_conv_3x3, sep_conv_5x5, dil_conv_3x3, dil_conv_5x5,
  sep_conv_7x7, conv_7x1_1x7,
]
