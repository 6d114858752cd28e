hypercuboid 1
# MobileNetV2 (Sandler et al. 2018) as one architecture of a space: kernel 3, 5, 7 x expansion 3, 6 per layer.
use std.ops { bn, conv, dropout, dwconv, gap, linear, relu6 }

param classes: int = 1000 in 2..100001

## Filters, layers and stride of the stages after the first.
let stages = [(24, 2, 2), (32, 3, 2), (64, 4, 2), (96, 3, 1), (160, 3, 2), (320, 1, 1)]

block ConvBNReLU6(c: int, k: int, stride: int = 1) on x {
  out x -> conv(c, k, stride) -> bn -> relu6
}

## An inverted bottleneck without its first convolution.
block Thin(c: int) on x {
  out x -> dwconv(3) -> bn -> relu6 -> conv(c, 1) -> bn
}

## An inverted bottleneck, its kernel and expansion left to the search.
block Inverted(c: int, stride: int) on x {
  let k = choose { k3: 3, k5: 5, k7: 7 }
  let expansion = choose { e3: 3, e6: 6 }
  let y = x -> ConvBNReLU6(expansion * x.c, 1) -> dwconv(k, stride) -> bn -> relu6 -> conv(c, 1) -> bn
  out x + y if stride == 1 and x.c == c else y
}

## `width` multiplies all filters; they are rounded to multiples of 8, at most a tenth down. The head never shrinks.
## Small: -p width=0.25 -p head=64 -p classes=10 --input 3x32x32
space MobileNetV2(width: float = 1.0, head: int = 1280) on x: image(3, 224, 224) {
  let wanted = [c * width for c in [32, 16] + [s[0] for s in stages] + [head * max(1, 1 / width)]]
  let rounded = [max(8, floor(c + 4) // 8 * 8) for c in wanted]
  let filters = [c if c >= 0.9 * w else c + 8 for (c, w) in zip(rounded, wanted)]
  node trunk = x -> ConvBNReLU6(filters[0], 3, stride = 2) -> Thin(filters[1])
    -> chain stage in 0..len(stages), layer in 0..stages[stage][1] {
         Inverted(filters[stage + 2], stages[stage][2] if layer == 0 else 1)
       }
  out trunk -> ConvBNReLU6(filters[len(filters) - 1], 1) -> gap -> dropout(0.2) -> linear(classes)
}

## As published.
arch MobileNetV2_100 of MobileNetV2() {
  pick trunk.k = k3
  pick trunk.expansion = e6
}

arch MobileNetV2_140 of MobileNetV2(width = 1.4) {
  pick trunk.k = k3
  pick trunk.expansion = e6
}
