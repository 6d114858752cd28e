hypercuboid 1
# NAME: a space to start from, small enough to search on images of digits in minutes.
#
#   hypercuboid check NAME.hc                                   finds mistakes and shows their places
#   hypercuboid compile NAME.hc                                 counts what the space holds
#   hypercuboid search NAME.hc --data digits --run runs/NAME    searches it
#   hypercuboid ops                                             lists what stands behind `use`
use std.ops { bn, conv, gap, identity, linear, relu6 }
use std.blocks { MBConv }

## How many classes the data have. A search sets it, and so does `-p classes=100`.
param classes: int = 10 in 2..100001

## Filters, layers and the stride of the first of them, for each stage.
let stages = [(16, 2, 2), (24, 2, 1)]

## Layer after layer, each with a kernel and an expansion of its own. All but the first of a stage may be left out.
space NAME(kernels: list(int) = [3, 5], expansions: list(int) = [2, 4]) on x: image(1, 8, 8) {
  out x -> conv(8, 3) -> bn -> relu6
    -> chain stage in stages, i in 0..stage[1] {
         let stride = stage[2] if i == 0 else 1
         let layer = [MBConv(stage[0], k, e, stride) for k in kernels for e in expansions]
         out choose op in layer + ([identity] if i > 0 else []) { op }
       }
    -> conv(64, 1) -> bn -> relu6 -> gap -> linear(classes)
}

## An architecture decides every layer: compile it, draw it, or generate its PyTorch file from NAME.hc:ByHand.
arch ByHand of NAME() {
  pick out.op = [
    MBConv(k = 3, expansion = 2), identity,
    MBConv(k = 5, expansion = 4), MBConv(k = 3, expansion = 4),
  ]
}
