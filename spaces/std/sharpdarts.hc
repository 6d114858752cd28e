hypercuboid 1
# The primitives of sharpDARTS: every convolution is a SharpSepConv (paper Sec. 3 and Table 1). Each takes filters and stride.
# In a supernet batch norm is not affine and a pool is followed by one; in a model pools are bare.
use std.ops { bn, conv, identity, relu, zero }
use std.blocks { FactorizedReduce, ResizableAvgPool, ResizablePool, SharpSepConv }

## Nothing comes out, whatever comes in.
block none(c: int, stride: int = 1) on x {
  out x -> zero(stride)
}

block max_pool_3x3(c: int, stride: int = 1) on x {
  let y = x -> ResizablePool(c, stride = stride)
  out y -> bn(affine = false) if searching else y
}

## The mean of each window, its padding counted as zeros.
block avg_pool_3x3(c: int, stride: int = 1) on x {
  let y = x -> ResizableAvgPool(c, stride = stride)
  out y -> bn(affine = false) if searching else y
}

## The identity, at stride 2 two shifted 1x1 convolutions.
block skip_connect(c: int, stride: int = 1) on x {
  out x -> identity if stride == 1 else x -> FactorizedReduce(c)
}

block sep_conv_3x3(c: int, stride: int = 1) on x {
  out x -> SharpSepConv(c, 3, stride = stride)
}

block sep_conv_5x5(c: int, stride: int = 1) on x {
  out x -> SharpSepConv(c, 5, stride = stride)
}

block sep_conv_7x7(c: int, stride: int = 1) on x {
  out x -> SharpSepConv(c, 7, stride = stride)
}

block dil_conv_3x3(c: int, stride: int = 1) on x {
  out x -> SharpSepConv(c, 3, stride = stride, dilation = 2)
}

block dil_conv_5x5(c: int, stride: int = 1) on x {
  out x -> SharpSepConv(c, 5, stride = stride, dilation = 2)
}

## Four times the filters in the middle.
block flood_conv_3x3(c: int, stride: int = 1) on x {
  out x -> SharpSepConv(c, 3, stride = stride, mid = 4 * c)
}

block flood_conv_5x5(c: int, stride: int = 1) on x {
  out x -> SharpSepConv(c, 5, stride = stride, mid = 4 * c)
}

block dil_flood_conv_3x3(c: int, stride: int = 1) on x {
  out x -> SharpSepConv(c, 3, stride = stride, dilation = 2, mid = 4 * c)
}

## `mid` filters in the middle, whatever `c`: 32 for CIFAR, 96 for ImageNet.
block choke_conv_3x3(c: int, stride: int = 1, mid: int = 32) on x {
  out x -> SharpSepConv(c, 3, stride = stride, mid = mid)
}

block dil_choke_conv_3x3(c: int, stride: int = 1, mid: int = 32) on x {
  out x -> SharpSepConv(c, 3, stride = stride, dilation = 2, mid = mid)
}

## A 1x7 and a 7x1 convolution, one after the other.
block conv_7x1_1x7(c: int, stride: int = 1, affine: bool = not searching) on x {
  out x -> relu -> conv(x.c, (1, 7), stride = (1, stride)) -> conv(c, (7, 1), stride = (stride, 1))
    -> bn(affine, eps = 1e-3)
}

# Lists in the order of the columns of the architecture weights.

## The names of DARTS, their convolutions SharpSepConv.
let sharpsepconv_primitives = [
  none, max_pool_3x3, avg_pool_3x3, skip_connect,
  sep_conv_3x3, sep_conv_5x5, dil_conv_3x3, dil_conv_5x5,
]

let sharpdarts_primitives = [
  none, max_pool_3x3, skip_connect, sep_conv_3x3, dil_conv_3x3,
  flood_conv_3x3, dil_flood_conv_3x3, choke_conv_3x3, dil_choke_conv_3x3,
]

let sharper_primitives = [
  none, max_pool_3x3, avg_pool_3x3, skip_connect,
  sep_conv_3x3, sep_conv_5x5, sep_conv_7x7, dil_conv_3x3, dil_conv_5x5,
  flood_conv_3x3, flood_conv_5x5, dil_flood_conv_3x3,
]
