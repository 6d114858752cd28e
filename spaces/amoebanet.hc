hypercuboid 1
# The AmoebaNet cell space: the cells of NASNet with the primitives that evolution chose from.
use std.ops { bn, conv, gap, linear }
use std.blocks { AuxiliaryHead, Stem0, Stem1 }
use std.cells { NasnetCell }
use std.darts { max_pool_3x3, avg_pool_3x3, skip_connect, sep_conv_3x3, sep_conv_5x5, dil_conv_3x3 }
use std.nasnet { sep_conv_7x7 }
use std.sharpdarts { conv_7x1_1x7 }

let amoebanet_primitives = [
  skip_connect, sep_conv_3x3, sep_conv_5x5, sep_conv_7x7, avg_pool_3x3, max_pool_3x3, dil_conv_3x3, conv_7x1_1x7,
]

## Cells in a row; at a third and at two thirds of them the size is halved and the filters are doubled.
## `imagenet` starts them at 28 x 28, after three convolutions.
## Small: -p c=4 -p layers=3 -p size=8 -p primitives=amoebanet_primitives[0..3]
space AmoebaNet(
  c: int = 36,
  layers: int = 20,
  primitives: list(block) = amoebanet_primitives,
  imagenet: bool = false,
  size: int = 224 if imagenet else 32,
  classes: int = 1000 if imagenet else 10,
) on x: image(3, size, size) {
  cell Normal = NasnetCell(stride = 1, primitives = primitives)
  cell Reduce = NasnetCell(stride = 2, primitives = primitives)
  let cuts = [layers // 3 + 2, 2 * layers // 3 + 2]
  node stem = x -> Stem0(c) if imagenet else x -> conv(3 * c, 3) -> bn
  node h[0] = stem
  node h[1] = stem -> Stem1(c) if imagenet else stem
  node h[i in 2..layers + 2] = (h[i - 2], h[i - 1])
    -> (Reduce if has(cuts, i) else Normal)(c * 2 ** len([r for r in cuts if r <= i]))
  aux h[cuts[1]] -> AuxiliaryHead(classes)
  out h[layers + 1] -> gap -> linear(classes)
}

## AmoebaNet-A, in the same network; released as `AmoebaNet`.
arch AmoebaNet_A of AmoebaNet() {
  pick Normal.n[2] = [0: avg_pool_3x3, 1: max_pool_3x3]
  pick Normal.n[3] = [0: sep_conv_3x3, 2: sep_conv_5x5]
  pick Normal.n[4] = [0: sep_conv_3x3, 3: avg_pool_3x3]
  pick Normal.n[5] = [1: sep_conv_3x3, 1: skip_connect]
  pick Normal.n[6] = [0: skip_connect, 1: avg_pool_3x3]
  pick Reduce.n[2] = [0: avg_pool_3x3, 1: sep_conv_3x3]
  pick Reduce.n[3] = [0: max_pool_3x3, 2: sep_conv_7x7]
  pick Reduce.n[4] = [0: sep_conv_7x7, 1: avg_pool_3x3]
  pick Reduce.n[5] = [0: max_pool_3x3, 1: max_pool_3x3]
  pick Reduce.n[6] = [0: conv_7x1_1x7, 5: sep_conv_3x3]
}
