hypercuboid 1
# Segmentation: a class for each pixel. Down to half the size and up again, with a skip across; each layer's op is left to the
# search.
use std.ops { bn, conv, identity, relu, resize }
use std.blocks { SharpSepConv }

## How many classes there are; `search --data` knows.
param classes: int = 2 in 2..1001

block Layer(c: int, stride: int = 1) on x {
  out x -> choose op {
    k3: conv(c, 3, stride = stride) -> bn -> relu,
    k5: conv(c, 5, stride = stride) -> bn -> relu,
    sharp: SharpSepConv(c, stride = stride, affine = true),
  }
}

## Small: -p c=4 --input 1x8x8
space Segmentation(c: int = 16) on x: image(3, 32, 32) {
  node fine = x -> Layer(c)
  node coarse = fine -> Layer(2 * c, stride = 2) -> Layer(2 * c)
  node back = coarse -> resize(2) -> conv(c) -> bn
  node both = choose skip { add: fine + back, none: back }
  out both -> Layer(c) -> conv(classes)
}
