hypercuboid 1
# sharpDARTS: 2 shared cells x 14 edges x 9 primitives = 252 weights (paper Table 1); with `-p sharper=true` the 12
# primitives of later searches, 336 weights.
use std.ops { bn, conv, gap, linear }
use std.blocks { AuxiliaryHead, Stem0, Stem1 }
use std.cells { DartsCell }
use std.sharpdarts {
  none, max_pool_3x3, skip_connect, sep_conv_3x3, dil_conv_3x3, flood_conv_3x3, dil_flood_conv_3x3,
  choke_conv_3x3, dil_choke_conv_3x3, sharper_primitives,
}

## Cells in a row; at a third and at two thirds of them the size is halved and the filters are doubled.
## `imagenet` starts them at 28 x 28, after three convolutions.
## `choke` is the number of filters in the middle of the choked primitives.
## Small: -p c=4 -p layers=3 -p size=16
space SharpDARTS(
  c: int = 16,
  layers: int = 8,
  sharper: bool = false,
  imagenet: bool = false,
  size: int = 224 if imagenet else 32,
  classes: int = 1000 if imagenet else 10,
  choke: int = 96 if imagenet else 32,
) on x: image(3, size, size) {
  let primitives = sharper_primitives if sharper else [
    none, max_pool_3x3, skip_connect, sep_conv_3x3, dil_conv_3x3, flood_conv_3x3, dil_flood_conv_3x3,
    choke_conv_3x3(mid = choke), dil_choke_conv_3x3(mid = choke),
  ]
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

## sharpDARTS, the cell that the paper found here; released as `CHOKE_FLOOD_DIL_IS_SEP_CONV` too.
arch SHARP_DARTS of SharpDARTS(c = 36, layers = 20) {
  pick Normal.n[2] = [0: choke_conv_3x3, 1: choke_conv_3x3]
  pick Normal.n[3] = [0: skip_connect, 1: choke_conv_3x3]
  pick Normal.n[4] = [0: skip_connect, 1: skip_connect]
  pick Normal.n[5] = [0: skip_connect, 1: skip_connect]
  pick Reduce.n[2] = [0: max_pool_3x3, 1: skip_connect]
  pick Reduce.n[3] = [0: max_pool_3x3, 2: skip_connect]
  pick Reduce.n[4] = [0: max_pool_3x3, 2: skip_connect]
  pick Reduce.n[5] = [2: skip_connect, 0: flood_conv_3x3]
}

## sharpDARTS on ImageNet; the paper's has `-p choke=32`.
arch SHARP_DARTS_IMAGENET of SharpDARTS(c = 48, layers = 14, imagenet = true) {
  pick Normal.n[2] = [0: choke_conv_3x3, 1: choke_conv_3x3]
  pick Normal.n[3] = [0: skip_connect, 1: choke_conv_3x3]
  pick Normal.n[4] = [0: skip_connect, 1: skip_connect]
  pick Normal.n[5] = [0: skip_connect, 1: skip_connect]
  pick Reduce.n[2] = [0: max_pool_3x3, 1: skip_connect]
  pick Reduce.n[3] = [0: max_pool_3x3, 2: skip_connect]
  pick Reduce.n[4] = [0: max_pool_3x3, 2: skip_connect]
  pick Reduce.n[5] = [2: skip_connect, 0: flood_conv_3x3]
}

## The cell of a Max-W search, released with the paper and in none of its tables.
arch SHARP_DARTS_MAX_W of SharpDARTS(c = 36, layers = 20) {
  pick Normal.n[2] = [0: sep_conv_3x3, 1: choke_conv_3x3]
  pick Normal.n[3] = [0: skip_connect, 2: dil_conv_3x3]
  pick Normal.n[4] = [3: dil_flood_conv_3x3, 0: flood_conv_3x3]
  pick Normal.n[5] = [0: dil_flood_conv_3x3, 3: flood_conv_3x3]
  pick Reduce.n[2] = [0: max_pool_3x3, 1: skip_connect]
  pick Reduce.n[3] = [0: dil_choke_conv_3x3, 2: dil_flood_conv_3x3]
  pick Reduce.n[4] = [0: dil_conv_3x3, 3: skip_connect]
  pick Reduce.n[5] = [0: flood_conv_3x3, 3: skip_connect]
}

## The cell of a scalar search over 12 primitives; released as `SHARPER_SCALAR_genotype_skip_none` too.
arch SHARPER_SCALAR of SharpDARTS(c = 36, layers = 20, sharper = true) {
  pick Normal.n[2] = [0: skip_connect, 1: sep_conv_3x3]
  pick Normal.n[3] = [1: sep_conv_3x3, 0: skip_connect]
  pick Normal.n[4] = [3: dil_flood_conv_3x3, 1: flood_conv_3x3]
  pick Normal.n[5] = [3: dil_flood_conv_3x3, 4: dil_conv_3x3]
  pick Reduce.n[2] = [0: max_pool_3x3, 1: skip_connect]
  pick Reduce.n[3] = [1: skip_connect, 0: avg_pool_3x3]
  pick Reduce.n[4] = [1: avg_pool_3x3, 0: dil_flood_conv_3x3]
  pick Reduce.n[5] = [3: flood_conv_3x3, 4: skip_connect]
}

## The same search read with nothing skipped: `none` is kept where it is strongest, and adds nothing.
arch SHARPER_SCALAR_genotype_no_hack of SharpDARTS(c = 36, layers = 20, sharper = true) {
  pick Normal.n[2] = [1: none, 0: skip_connect]
  pick Normal.n[3] = [2: none, 1: none]
  pick Normal.n[4] = [2: none, 1: none]
  pick Normal.n[5] = [2: none, 3: dil_flood_conv_3x3]
  pick Reduce.n[2] = [0: max_pool_3x3, 1: skip_connect]
  pick Reduce.n[3] = [1: skip_connect, 0: avg_pool_3x3]
  pick Reduce.n[4] = [1: avg_pool_3x3, 0: dil_flood_conv_3x3]
  pick Reduce.n[5] = [4: none, 3: flood_conv_3x3]
}

## The cell of a Max-W search over 12 primitives; released as `SHARPER_MAX_W_genotype_skip_none` too.
arch SHARPER_MAX_W of SharpDARTS(c = 36, layers = 20, sharper = true) {
  pick Normal.n[2] = [0: sep_conv_3x3, 1: dil_conv_5x5]
  pick Normal.n[3] = [0: max_pool_3x3, 2: sep_conv_7x7]
  pick Normal.n[4] = [3: avg_pool_3x3, 0: flood_conv_3x3]
  pick Normal.n[5] = [1: flood_conv_3x3, 2: skip_connect]
  pick Reduce.n[2] = [0: flood_conv_5x5, 1: dil_flood_conv_3x3]
  pick Reduce.n[3] = [0: sep_conv_3x3, 2: skip_connect]
  pick Reduce.n[4] = [0: sep_conv_3x3, 2: skip_connect]
  pick Reduce.n[5] = [4: dil_conv_5x5, 0: sep_conv_3x3]
}

## The same search read with nothing skipped.
arch SHARPER_MAX_W_genotype_no_hack of SharpDARTS(c = 36, layers = 20, sharper = true) {
  pick Normal.n[2] = [0: sep_conv_3x3, 1: dil_conv_5x5]
  pick Normal.n[3] = [0: max_pool_3x3, 2: sep_conv_7x7]
  pick Normal.n[4] = [3: avg_pool_3x3, 0: flood_conv_3x3]
  pick Normal.n[5] = [4: none, 3: none]
  pick Reduce.n[2] = [0: flood_conv_5x5, 1: dil_flood_conv_3x3]
  pick Reduce.n[3] = [0: sep_conv_3x3, 2: skip_connect]
  pick Reduce.n[4] = [0: sep_conv_3x3, 2: skip_connect]
  pick Reduce.n[5] = [4: dil_conv_5x5, 0: sep_conv_3x3]
}
