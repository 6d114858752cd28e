hypercuboid 1
# A path through resolutions (in the spirit of Auto-DeepLab, Liu et al. 2019): the state is the size of the image, not
# a number of filters, and two choice axes multiply. HC = ((4 x 4) x 10 x 2 x 3), neighbouring sizes only.
use std.ops { conv, bn, relu, gap, linear, resize, channel_shuffle }

param classes: int = 10 in 2..100001

## Half the size, the same or twice the size: each halving doubles the filters.
block Move(c: int, k: int, groups: int, scale: float) on x {
  let y = x -> resize(2) if scale == 2 else x
  out y -> conv(c, k, stride = 2 if scale < 1 else 1, groups = groups) -> channel_shuffle(groups) -> bn -> relu
}

## Small: -p c=4 -p scales=3 -p layers=3 -p head=16 --input 3x16x16
space ResolutionNet(c: int = 16, scales: int = 4, layers: int = 10, head: int = 256) on x: image(3, 32, 32) {
  node stem[s in 0..scales] = x -> resize(1 / 2 ** s) -> conv(c * 2 ** s, 3) -> bn
  cuboid h from stem {
    state (s, t) in 0..scales where abs(s - t) <= 1
    depth layer in 0..layers
    choice k in [3, 5]
    choice groups in [1, 2, 4]
    out h[s] -> Move(c * 2 ** t, k, groups, 2 ** (s - t))
  }
  out sum s in 0..scales { h[s] -> conv(head, 1) -> bn -> relu -> gap } -> linear(classes)
}

## Down, and up again at the end.
arch Hourglass of ResolutionNet(scales = 3, layers = 5) {
  pick h[layer = 0] = 0 -> 1: (3, 1)
  pick h[layer = 1] = 1 -> 2: (3, 2)
  pick h[layer = 2] = 2 -> 2: (5, 4)
  pick h[layer = 3] = 2 -> 1: (3, 1)
  pick h[layer = 4] = 1 -> 0: (5, 1)
}
