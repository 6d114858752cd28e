hypercuboid 1
# What a SharpSepConv is made of, left to the search: how many of them, kernel, bottleneck, activation, normalisation.
use std.ops { conv, dwconv, bn, group_norm, relu, silu, gelu, identity, gap, linear }

param classes: int = 10 in 2..100001

## A SharpSepConv whose kernel and bottleneck, activation and normalisation are chosen, each once for both halves.
block Sharp(c: int, stride: int = 1) on x {
  require c % 8 == 0 else "Sharp needs a multiple of 8 filters"
  let k = choose { k3: 3, k5: 5 }
  let mid = choose { choke: max(8, c // 4), same: c, flood: 4 * c }
  let act = choose act { relu: relu, silu: silu, gelu: gelu }
  let norm = choose norm { batch: bn, group: group_norm(8), none: identity }
  out x -> act -> dwconv(k, stride) -> conv(mid, 1) -> norm
        -> act -> dwconv(k)         -> conv(c, 1)   -> norm
}

## One stage per entry of `filters`, each of one to `most` layers; from the second on, a stage begins with a stride.
## Small: -p filters=[8,16] -p most=2 --input 3x8x8
space SharpSepConvNet(filters: list(int) = [32, 64, 128], most: int = 3) on x: image(3, 32, 32) {
  node trunk = x -> conv(filters[0], 3) -> bn
    -> chain stage in 0..len(filters) {
         choose layers in 1..most + 1 {
           chain i in 0..layers { Sharp(filters[stage], 2 if stage > 0 and i == 0 else 1) }
         }
       }
  out trunk -> gap -> linear(classes)
}
