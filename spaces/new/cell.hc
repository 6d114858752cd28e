hypercuboid 1
# NAME: a space to start from, small enough to search on images of digits in minutes.
#
#   hypercuboid check NAME.hc                                   finds mistakes and shows their places
#   hypercuboid compile NAME.hc                                 counts what the space holds
#   hypercuboid search NAME.hc --data digits --run runs/NAME    searches it
#   hypercuboid ops                                             lists what stands behind `use`
use std.ops { bn, conv, gap, linear }
use std.blocks { FactorizedReduce, ReLUConvBN }
use std.darts { max_pool_3x3, none, sep_conv_3x3, skip_connect }

## How many classes the data have. A search sets it, and so does `-p classes=100`.
param classes: int = 10 in 2..100001

## The operations that an edge may be. Each takes filters and a stride.
let primitives = [none, max_pool_3x3, skip_connect, sep_conv_3x3]

## A small graph of nodes: each adds its two strongest edges, each edge is one of the primitives.
block Cell(c: int, stride: int) on s0, s1 {
  # The two inputs, brought to one shape.
  node n[0] = s0 -> (FactorizedReduce(c) if s0.h != s1.h else ReLUConvBN(c))
  node n[1] = s1 -> ReLUConvBN(c)
  # `sum top 2`: all edges while the search goes on, the two strongest in a model.
  node n[i in 2..4] = sum top 2 j in 0..i {
    choose op in primitives { n[j] -> op(c, stride = stride if j < 2 else 1) }
  }
  out concat(n[2..])
}

## A row of cells. All normal cells share their choices, and so do all that halve the size.
space NAME(c: int = 8, layers: int = 3) on x: image(1, 8, 8) {
  cell Normal = Cell(stride = 1)
  cell Reduce = Cell(stride = 2)
  let halved = layers // 2
  node h[i in 0..2] = x -> conv(2 * c, 3) -> bn
  node h[i in 2..layers + 2] = (h[i - 2], h[i - 1])
    -> (Reduce if i - 2 == halved else Normal)(2 * c if i - 2 >= halved else c)
  out h[layers + 1] -> gap -> linear(classes)
}

## An architecture decides both cells: compile it, draw it, or generate its PyTorch file from NAME.hc:ByHand.
arch ByHand of NAME() {
  pick Normal.n[2] = [0: sep_conv_3x3, 1: sep_conv_3x3]
  pick Normal.n[3] = [0: skip_connect, 2: sep_conv_3x3]
  pick Reduce.n[2] = [0: max_pool_3x3, 1: sep_conv_3x3]
  pick Reduce.n[3] = [1: max_pool_3x3, 2: skip_connect]
}
