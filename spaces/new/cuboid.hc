hypercuboid 1
# NAME: a space to start from, small enough to search on images of digits in minutes.
#
#   hypercuboid check NAME.hc                                   finds mistakes and shows their places
#   hypercuboid compile NAME.hc                                 counts what the space holds
#   hypercuboid search NAME.hc --data digits --run runs/NAME    searches it
#   hypercuboid ops                                             lists what stands behind `use`
use std.ops { bn, conv, gap, linear }
use std.blocks { ResizablePool, SharpSepConv }

## How many classes the data have. A search sets it, and so does `-p classes=100`.
param classes: int = 10 in 2..100001

## A cuboid: in every layer, each primitive between each pair of filter counts has an architecture weight of its own.
## A network is one path through the layers, with one primitive at each.
space NAME(
  filters: list(int) = [8, 16],
  layers: int = 3,
) on x: image(1, 8, 8) {
  # Where a path begins: one tensor for each filter count.
  node stem[c in filters] = x -> conv(c, 3) -> bn

  cuboid h from stem {
    state (a, b) in filters                     # from a filters to b; `where b >= a` would leave pairs out
    depth layer in 0..layers                    # one step for each
    choice op in [SharpSepConv, ResizablePool]  # any block that takes filters and a stride
    out h[a] -> op(b, stride = 2 if layer == layers - 1 else 1)
  }

  # Where it ends: the classifier reads whichever filter count the path came to.
  out sum c in filters { h[c] -> conv(32, 1) -> bn } -> gap -> linear(classes)
}

## An architecture decides every layer: compile it, draw it, or generate its PyTorch file from NAME.hc:ByHand.
arch ByHand of NAME() {
  pick h[layer = 0] = 8 -> 8: SharpSepConv
  pick h[layer = 1] = 8 -> 16: SharpSepConv
  pick h[layer = 2] = 16 -> 16: ResizablePool
}
