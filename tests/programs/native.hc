hypercuboid 1
# Chains for the native plan with everything that its kernel must know: kernels, strides, dilations, padding, channels.
use std.ops { avg_pool, bn, conv, dwconv, gap, identity, linear, max_pool, relu, relu6, zero }
use std.blocks { DilConv, FactorizedReduce, Fit, ReLUConvBN, SepConv, SharpSepConv }

## Every kind of chain with this many filters before and after it.
space Chains(before: int = 5, after: int = 7, stride: int = 1, affine: bool = true) on x: image(3, 9, 11) {
  let y = x -> conv(before) -> bn
  out y -> choose op {
    sharp: SharpSepConv(after, 3, stride = stride, affine = affine),
    flood: SharpSepConv(after, 5, stride = stride, mid = 19, affine = affine),
    separable: SepConv(after, 7, stride = stride, affine = affine),
    dilated: DilConv(after, 5, stride = stride, dilation = 3, affine = affine),
    point: ReLUConvBN(after, stride = stride, affine = affine),
    one: dwconv(1, stride) -> conv(after) -> bn(affine, eps = 0.01, momentum = 0.3),
    wide: relu -> dwconv((1, 7), stride) -> conv(after) -> bn(affine),
    tall: relu -> dwconv((5, 3), stride, 2) -> conv(after) -> bn(affine),
    nine: dwconv(9, stride) -> conv(after) -> bn(affine),
    most: max_pool(3, stride) -> conv(after) -> bn(affine),
    mean: avg_pool(3, stride) -> conv(after) -> bn(affine),
    padded: avg_pool(5, stride, count_padding = true) -> Fit(after, affine) -> relu -> conv(after) -> bn(affine),
    longer: relu -> dwconv(3, stride) -> bn(affine) -> relu -> conv(2) -> bn(affine) -> dwconv(3) -> conv(after)
      -> bn(affine),
    halves: relu -> conv(after, 3, stride) -> bn(affine),
    bias: relu -> dwconv(3, stride, bias = true) -> conv(after) -> bn(affine),
    clipped: conv(after, stride = stride) -> bn(affine) -> relu6 -> conv(after) -> bn(affine),
  } -> relu -> gap -> linear(3)
}

## What keeps the channels: pools, the source itself, windows that are not padded alike.
space Kept(c: int = 6, affine: bool = false) on x: image(3, 8, 8) {
  let y = x -> conv(c) -> bn
  let z = y -> choose op {
    most: max_pool(3) -> bn(affine),
    bare: max_pool(5),
    mean: avg_pool(3) -> bn(affine),
    skip: identity,
    none: zero,
    depth: dwconv(3) -> bn(affine),
    sharp: SharpSepConv(c, affine = affine),
  }
  out z -> choose op {
    even: relu -> dwconv(2, padding = 0) -> conv(4) -> bn,
    narrow: relu -> dwconv(4, padding = 1) -> conv(4) -> bn,
    far: relu -> dwconv(2, padding = 0) -> conv(4) -> bn,
  } -> gap -> linear(3)
}

## One pixel.
space Small() on x: image(3, 1, 1) {
  out x -> conv(4) -> bn -> gap -> linear(2)
}
