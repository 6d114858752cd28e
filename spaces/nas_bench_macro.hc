hypercuboid 1
# NAS-Bench-Macro (Su et al. 2021): eight layers, three candidates each, 3 ** 8 = 6,561 networks for CIFAR-10,
# all of them trained and scored by its authors.
use std.ops { bn, conv, dwconv, gap, linear, relu }

param classes: int = 10 in 2..100001

## Nothing where shapes allow it, else a 1x1 convolution.
block Identity(c: int, stride: int) on x {
  out x if stride == 1 and x.c == c else x -> conv(c, 1, stride) -> bn
}

## The inverted bottleneck of MobileNetV2 with relu instead of relu6.
block MB(c: int, stride: int, expansion: int, k: int) on x {
  let y = x -> conv(expansion * x.c, 1) -> bn -> relu -> dwconv(k, stride) -> bn -> relu -> conv(c, 1) -> bn
  out x + y if stride == 1 and x.c == c else y
}

## Small: -p c=4 -p head=32 --input 3x16x16
space NASBenchMacro(stages: list(int) = [2, 3, 3], c: int = 32, head: int = 1280) on x: image(3, 32, 32) {
  node trunk = x -> conv(c, 3) -> bn -> relu
    -> chain stage in 0..len(stages), layer in 0..stages[stage] {
         let width = c * 2 ** (stage + 1)
         let stride = 2 if layer == 0 else 1
         out choose op {
           Identity: Identity(width, stride),
           MB3_K3: MB(width, stride, 3, 3),
           MB6_K5: MB(width, stride, 6, 5),
         }
       }
  out trunk -> conv(head, 1) -> bn -> relu -> gap -> linear(classes)
}

## The best of the 6,561, "22212220": 93.13 % mean test accuracy (as good as its twin "22212202").
arch Best of NASBenchMacro() {
  pick trunk.op[stage = 0, layer = 0] = MB6_K5
  pick trunk.op[stage = 0, layer = 1] = MB6_K5
  pick trunk.op[stage = 1, layer = 0] = MB6_K5
  pick trunk.op[stage = 1, layer = 1] = MB3_K3
  pick trunk.op[stage = 1, layer = 2] = MB6_K5
  pick trunk.op[stage = 2, layer = 0] = MB6_K5
  pick trunk.op[stage = 2, layer = 1] = MB6_K5
  pick trunk.op[stage = 2, layer = 2] = Identity
}
