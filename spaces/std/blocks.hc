hypercuboid 1
# Blocks that spaces are made of. Filters come first, stride is given by name, `affine` comes last:
# in a supernet batch norm is not affine, in a model it is.
use std.ops { conv, dwconv, linear, bn, relu, relu6, max_pool, avg_pool, flatten, shift }

## Two separable convolutions around a `mid`-filter bottleneck (paper Fig. 1 and 3).
## Stride and dilation act on the first depthwise convolution only.
block SharpSepConv(
  c: int, k: int = 3, stride: int = 1, dilation: int = 1, mid: int = c, affine: bool = not searching,
) on x {
  out x -> relu -> dwconv(k, stride, dilation) -> conv(mid, 1) -> bn(affine)
        -> relu -> dwconv(k)                   -> conv(c, 1)   -> bn(affine)
}

## The separable convolution of DARTS: as SharpSepConv, but its first half keeps the channels.
block SepConv(
  c: int, k: int = 3, stride: int = 1, dilation: int = 1, mid: int = x.c, affine: bool = not searching,
) on x {
  out x -> relu -> dwconv(k, stride, dilation) -> conv(mid, 1) -> bn(affine)
        -> relu -> dwconv(k)                   -> conv(c, 1)   -> bn(affine)
}

## A dilated depthwise convolution and a 1x1 convolution (DARTS).
block DilConv(c: int, k: int = 3, stride: int = 1, dilation: int = 2, affine: bool = not searching) on x {
  out x -> relu -> dwconv(k, stride, dilation) -> conv(c, 1) -> bn(affine)
}

block ReLUConvBN(c: int, k: int = 1, stride: int = 1, affine: bool = not searching) on x {
  out x -> relu -> conv(c, k, stride) -> bn(affine)
}

block ConvBNReLU(c: int, k: int = 3, stride: int = 1, affine: bool = not searching) on x {
  out x -> conv(c, k, stride) -> bn(affine) -> relu
}

## Halves the size: two 1x1 convolutions with stride 2, the second from one pixel further on, side by side.
block FactorizedReduce(c: int, affine: bool = not searching) on x {
  require c % 2 == 0 else "FactorizedReduce needs an even number of filters"
  let y = x -> relu
  out concat(y -> conv(c // 2, 1, stride = 2), y -> shift -> conv(c // 2, 1, stride = 2)) -> bn(affine)
}

## Changes the channels where they differ, else nothing.
block Fit(c: int, affine: bool = not searching) on x {
  out x if x.c == c else x -> conv(c, 1) -> bn(affine, eps = 1e-3)
}

## A max pool, fitted to `c` channels (paper Sec. 4.1).
block ResizablePool(c: int, k: int = 3, stride: int = 1, affine: bool = not searching) on x {
  out x -> max_pool(k, stride) -> Fit(c, affine)
}

## An average pool that counts its padding, fitted to `c` channels.
block ResizableAvgPool(c: int, k: int = 3, stride: int = 1, affine: bool = not searching) on x {
  out x -> avg_pool(k, stride, count_padding = true) -> Fit(c, affine)
}

## The inverted bottleneck of MobileNetV2.
block MBConv(c: int, k: int = 3, expansion: int = 6, stride: int = 1) on x {
  let y = x -> conv(expansion * x.c, 1) -> bn -> relu6 -> dwconv(k, stride) -> bn -> relu6 -> conv(c, 1) -> bn
  out x + y if stride == 1 and x.c == c else y
}

## A second classifier on a feature map of 8 x 8 (CIFAR) or 7 x 7 (ImageNet) pixels, for training only (DARTS).
block AuxiliaryHead(classes: int) on x {
  out x -> relu -> avg_pool(5, stride = 2 if x.h == 7 else 3, padding = 0)
    -> conv(128, 1) -> bn -> relu -> conv(768, 2, padding = 0) -> bn -> relu -> flatten -> linear(classes)
}

## The first half of the three-convolution stem of ImageNet networks: a quarter of the size.
block Stem0(c: int) on x {
  out x -> conv(c // 2, 3, stride = 2) -> bn -> relu -> conv(c, 3, stride = 2) -> bn
}

## Its second half: an eighth of the size.
block Stem1(c: int) on x {
  out x -> relu -> conv(c, 3, stride = 2) -> bn
}
