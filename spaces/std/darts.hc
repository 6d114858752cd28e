hypercuboid 1
# The primitives of DARTS with the operations of DARTS. Each takes filters and stride.
# In a supernet batch norm is not affine and a pool is followed by one; in a model pools are bare.
use std.ops { avg_pool, bn, identity, max_pool, zero }
use std.blocks { DilConv, FactorizedReduce, Fit, SepConv }

## Nothing comes out, whatever comes in.
block none(c: int, stride: int = 1) on x {
  out x -> zero(stride)
}

block max_pool_3x3(c: int, stride: int = 1) on x {
  let y = x -> max_pool(3, stride) -> Fit(c)
  out y -> bn(affine = false) if searching else y
}

## The mean of the pixels inside the image: padding does not count.
block avg_pool_3x3(c: int, stride: int = 1) on x {
  let y = x -> avg_pool(3, stride) -> Fit(c)
  out y -> bn(affine = false) if searching else y
}

## The identity, at stride 2 two shifted 1x1 convolutions.
block skip_connect(c: int, stride: int = 1) on x {
  out x -> identity if stride == 1 else x -> FactorizedReduce(c)
}

block sep_conv_3x3(c: int, stride: int = 1) on x {
  out x -> SepConv(c, 3, stride = stride)
}

block sep_conv_5x5(c: int, stride: int = 1) on x {
  out x -> SepConv(c, 5, stride = stride)
}

block dil_conv_3x3(c: int, stride: int = 1) on x {
  out x -> DilConv(c, 3, stride = stride)
}

block dil_conv_5x5(c: int, stride: int = 1) on x {
  out x -> DilConv(c, 5, stride = stride)
}

## In the order of the columns of the architecture weights.
let darts_primitives = [
  none, max_pool_3x3, avg_pool_3x3, skip_connect,
  sep_conv_3x3, sep_conv_5x5, dil_conv_3x3, dil_conv_5x5,
]
