hypercuboid 1
# NAME: a space to start from, small enough to search on images of digits in minutes.
#
#   hypercuboid check NAME.hc                                   finds mistakes and shows their places
#   hypercuboid compile NAME.hc                                 counts what the space holds
#   hypercuboid search NAME.hc --data digits --run runs/NAME    searches it
#   hypercuboid ops                                             lists what stands behind `use`
use std.ops { bn, conv, gap, linear, relu, resize }

## How many classes the data have. A search sets it, and so does `-p classes=100`.
param classes: int = 10 in 2..100001

## A fabric: at every layer the image may stay at its scale, shrink by half or grow to twice the size.
## A network is one path through layers and scales.
space NAME(scales: int = 3, layers: int = 3, width: int = 16) on x: image(1, 8, 8) {
  # Where a path begins: the image at each scale, 8 x 8, 4 x 4, 2 x 2.
  node stem[s in 0..scales] = x -> conv(width, 3) -> resize(1 / 2 ** s)

  cuboid f from stem {
    state (s, t) in 0..scales where abs(s - t) <= 1  # neighbours only
    depth layer in 0..layers                         # one step for each
    compete per (layer, t)                           # one softmax over all that come to scale t
    out f[s] -> resize(2 ** (s - t)) -> conv(width, 3) -> bn -> relu
  }

  # Where it ends: at the coarsest scale.
  out f[scales - 1] -> gap -> linear(classes)
}

## An architecture decides every layer: compile it, draw it, or generate its PyTorch file from NAME.hc:ByHand.
arch ByHand of NAME() {
  pick f[layer = 0] = 0 -> 1
  pick f[layer = 1] = 1 -> 2
  pick f[layer = 2] = 2 -> 2
}
