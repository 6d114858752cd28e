hypercuboid 1
# The NASNet cell space: five nodes, each the sum of two (input, primitive) pairs, chosen freely and possibly alike.
# The cell's output concatenates the nodes that no other node reads.
use std.ops { bn, conv, gap, linear }
use std.blocks { AuxiliaryHead, Stem0, Stem1 }
use std.cells { NasnetCell }
use std.nasnet { nasnet_primitives }

## Cells in a row; at a third and at two thirds of them the size is halved and the filters are doubled.
## `imagenet` starts them at 28 x 28, after three convolutions.
## Small: -p c=4 -p layers=3 -p size=8 -p primitives=nasnet_primitives[7..10]
space NASNet(
  c: int = 36,
  layers: int = 20,
  primitives: list(block) = nasnet_primitives,
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

## NASNet-A, in the network that DARTS compares it in; released as `NASNet`.
arch NASNet_A of NASNet() {
  pick Normal.n[2] = [1: sep_conv_5x5, 0: sep_conv_3x3]
  pick Normal.n[3] = [0: sep_conv_5x5, 0: sep_conv_3x3]
  pick Normal.n[4] = [1: avg_pool_3x3, 0: skip_connect]
  pick Normal.n[5] = [0: avg_pool_3x3, 0: avg_pool_3x3]
  pick Normal.n[6] = [1: sep_conv_3x3, 1: skip_connect]
  pick Reduce.n[2] = [1: sep_conv_5x5, 0: sep_conv_7x7]
  pick Reduce.n[3] = [1: max_pool_3x3, 0: sep_conv_7x7]
  pick Reduce.n[4] = [1: avg_pool_3x3, 0: sep_conv_5x5]
  pick Reduce.n[5] = [3: skip_connect, 2: avg_pool_3x3]
  pick Reduce.n[6] = [2: sep_conv_3x3, 1: max_pool_3x3]
}
