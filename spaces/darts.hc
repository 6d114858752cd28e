hypercuboid 1
# The DARTS cell space: 2 shared cells x 14 edges x 8 primitives = 224 weights.
use std.ops { bn, conv, gap, linear }
use std.blocks { AuxiliaryHead, Stem0, Stem1 }
use std.cells { DartsCell }
use std.darts { darts_primitives }

## Cells in a row; at a third and at two thirds of them the size is halved and the filters are doubled.
## `imagenet` starts them at 28 x 28, after three convolutions.
## Small: -p c=4 -p layers=3 -p size=16
## Small: -p imagenet=true -p c=4 -p layers=2 -p size=32 -p classes=10
space DARTS(
  c: int = 16,
  layers: int = 8,
  primitives: list(block) = darts_primitives,
  imagenet: bool = false,
  size: int = 224 if imagenet else 32,
  classes: int = 1000 if imagenet else 10,
) on x: image(3, size, size) {
  cell Normal = DartsCell(stride = 1, primitives = primitives)
  cell Reduce = DartsCell(stride = 2, primitives = primitives)
  let cuts = [layers // 3 + 2, 2 * layers // 3 + 2]
  node stem = x -> Stem0(c) if imagenet else x -> conv(3 * c, 3) -> bn
  node h[0] = stem
  node h[1] = stem -> Stem1(c) if imagenet else stem
  node h[i in 2..layers + 2] = (h[i - 2], h[i - 1])
    -> (Reduce if has(cuts, i) else Normal)(c * 2 ** len([r for r in cuts if r <= i]))
  aux h[cuts[1]] -> AuxiliaryHead(classes)
  out h[layers + 1] -> gap -> linear(classes)
}

## The cell published with DARTS, first order.
arch DARTS_V1 of DARTS(c = 36, layers = 20) {
  pick Normal.n[2] = [1: sep_conv_3x3, 0: sep_conv_3x3]
  pick Normal.n[3] = [0: skip_connect, 1: sep_conv_3x3]
  pick Normal.n[4] = [0: skip_connect, 1: sep_conv_3x3]
  pick Normal.n[5] = [0: sep_conv_3x3, 2: skip_connect]
  pick Reduce.n[2] = [0: max_pool_3x3, 1: max_pool_3x3]
  pick Reduce.n[3] = [2: skip_connect, 0: max_pool_3x3]
  pick Reduce.n[4] = [0: max_pool_3x3, 2: skip_connect]
  pick Reduce.n[5] = [2: skip_connect, 0: avg_pool_3x3]
}

## The cell published with DARTS, second order; released as `DARTS` too.
arch DARTS_V2 of DARTS(c = 36, layers = 20) {
  pick Normal.n[2] = [0: sep_conv_3x3, 1: sep_conv_3x3]
  pick Normal.n[3] = [0: sep_conv_3x3, 1: sep_conv_3x3]
  pick Normal.n[4] = [1: sep_conv_3x3, 0: skip_connect]
  pick Normal.n[5] = [0: skip_connect, 2: dil_conv_3x3]
  pick Reduce.n[2] = [0: max_pool_3x3, 1: max_pool_3x3]
  pick Reduce.n[3] = [2: skip_connect, 1: max_pool_3x3]
  pick Reduce.n[4] = [0: max_pool_3x3, 2: skip_connect]
  pick Reduce.n[5] = [2: skip_connect, 1: max_pool_3x3]
}

## The second-order cell on ImageNet.
arch DARTS_V2_IMAGENET of DARTS(c = 48, layers = 14, imagenet = true) {
  pick Normal.n[2] = [0: sep_conv_3x3, 1: sep_conv_3x3]
  pick Normal.n[3] = [0: sep_conv_3x3, 1: sep_conv_3x3]
  pick Normal.n[4] = [1: sep_conv_3x3, 0: skip_connect]
  pick Normal.n[5] = [0: skip_connect, 2: dil_conv_3x3]
  pick Reduce.n[2] = [0: max_pool_3x3, 1: max_pool_3x3]
  pick Reduce.n[3] = [2: skip_connect, 1: max_pool_3x3]
  pick Reduce.n[4] = [0: max_pool_3x3, 2: skip_connect]
  pick Reduce.n[5] = [2: skip_connect, 1: max_pool_3x3]
}
