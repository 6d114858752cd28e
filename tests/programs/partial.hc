hypercuboid 1
# One small space of each kind, and what is left of it when only part is decided or several alternatives are kept.
use std.ops { conv, bn, relu, silu, identity, zero, gap, linear, dwconv, max_pool }

param classes: int = 10 in 2..100001

let widths = [4, 8]

block Flex(c: int) on x {
  let mid = choose { half: c // 2, same: c }
  out x -> conv(mid, 1) -> bn(affine = not searching) -> conv(c, 3)
}

## A trellis whose alternatives hold choices.
space Cuboid() on x: image(1, 8, 8) {
  node stem[c in widths] = x -> conv(c, 3) -> bn
  cuboid h from stem {
    state (a, b) in widths
    depth layer in 0..4
    choice op in [Flex, conv]
    out h[a] -> op(b) -> relu
  }
  out sum c in widths { h[c] -> conv(8, 1) } -> gap -> linear(classes)
}

arch FirstSteps of Cuboid() partial {
  pick h[layer = 0] = 8 -> 4: Flex
  pick h[layer = 1] = 4 -> 4: conv
  pick h[layer = 2].Flex.mid = half
}

arch SeveralInTheMiddle of Cuboid() partial {
  keep h[layer = 1] = [4 -> 8: conv, 8 -> 8: Flex, 8 -> 4: conv]
  keep h[layer = 2] = [8 -> 8: conv, 4 -> 8: Flex]
}

arch SeveralAtTheEnds of Cuboid() partial {
  keep h[layer = 0] = [4 -> 8: conv, 8 -> 8: conv]
  keep h[layer = 3] = [8 -> 8: conv, 8 -> 4: Flex, 4 -> 4: conv]
  pick h[layer = 0].Flex.mid = same
}

arch ThreePaths of Cuboid() {
  keep h[layer = 0] = [4 -> 8: conv, 8 -> 8: Flex]
  pick h[layer = 0].Flex.mid = half
  pick h[layer = 1] = 8 -> 8: conv
  pick h[layer = 2] = 8 -> 4: conv
  keep h[layer = 3] = [4 -> 8: conv, 4 -> 4: conv]
}

## A trellis alone: its picture is that of layers and states.
space Trellis() on x: image(1, 8, 8) {
  node stem[c in widths] = x -> conv(c, 3) -> bn
  cuboid h from stem {
    state (a, b) in widths
    depth layer in 0..3
    choice k in [1, 3]
    out h[a] -> conv(b, k) -> relu
  }
  out h[8] -> gap -> linear(classes)
}

arch FirstOfTrellis of Trellis() partial {
  pick h[layer = 0] = 4 -> 8: 3
}

block Node(c: int) on x {
  node n[0] = x -> conv(c)
  node n[i in 1..4] = sum top 2 j in 0..i {
    choose op in [identity, zero, conv(c, 3)] { n[j] -> op }
  }
  out n[3] -> relu
}

## A shared cell with `sum top`.
space Cells() on x: image(1, 8, 8) {
  cell C = Node()
  out x -> conv(4) -> C(4) -> bn -> C(8) -> gap -> linear(classes)
}

arch HalfACell of Cells() partial {
  pick C.n[1] = [0: conv]
  keep C.n[3] = [0: conv, 1: identity, 2: conv]
}

arch WholeCell of Cells() {
  pick C.n[1] = [0: conv]
  pick C.n[2] = [0: identity, 1: conv]
  keep C.n[3] = [2: conv]
}

## A chain of layers, each chosen; some may be left out.
space Chain() on x: image(1, 8, 8) {
  out x -> conv(4, 3)
    -> chain i in 0..4 {
         choose op in [conv(4, 1), conv(4, 3)] + ([identity] if i > 0 else []) { op }
       }
    -> choose n in [1, 2] { chain i in 0..n { conv(4, 3) -> choose act { relu: relu, silu: silu } } }
    -> gap -> linear(classes)
}

arch ShortChain of Chain() partial {
  pick out.op[i = 1] = identity
  keep out.op[i = 2] = [conv(k = 1), conv(k = 3)]
  pick out.n = 2
  pick out.n[2].act[i = 0] = silu
}

arch BothLengths of Chain() partial {
  keep out.n = [1, 2]
  keep out.n[2].act[i = 1] = [relu, silu]
}

## A fabric: neighbours only, weights that compete per target.
space Fabric() on x: image(1, 8, 8) {
  node stem[s in 0..3] = x -> conv(4, 3) -> bn
  cuboid f from stem {
    state (s, t) in 0..3 where abs(s - t) <= 1
    depth layer in 0..4
    compete per (layer, t)
    out f[s] -> conv(4, 3) -> bn -> relu
  }
  out f[2] -> gap -> linear(classes)
}

arch TwoRoads of Fabric() partial {
  keep f[layer = 1] = [0 -> 0, 0 -> 1, 1 -> 2]
}

## Two values of one body: one decision with two axes.
space Values() on x: image(1, 8, 8) {
  out x -> conv(4) -> Tall(4) -> Tall(8) -> gap -> linear(classes)
}

block Tall(c: int) on x {
  let k = choose { k1: 1, k3: 3 }
  let mid = choose { half: c // 2, same: c, twice: 2 * c }
  out x -> conv(mid, k) -> bn(affine = not searching) -> relu -> conv(c, 1)
}

arch OneKernel of Values() partial {
  pick out.k = k3
  keep out.mid@2 = [half, twice]
}

arch BothKernels of Values() partial {
  keep out.k = [k1, k3]
  keep out.k, mid@2 = [(k1, half), (k3, twice)]
}

## Choices in choices.
space Nested() on x: image(1, 8, 8) {
  out x -> conv(4, 3) -> choose net {
    shallow: relu,
    deep: (conv(4, 3) -> choose act { relu: relu, silu: silu } -> choose norm { bn: bn, none: identity }),
    pooled: (max_pool(3) -> choose act { relu: relu, silu: silu }),
  } -> gap -> linear(classes)
}

arch TwoNets of Nested() partial {
  keep out.net = [deep, pooled]
  pick out.deep.act = silu
}

arch AllNets of Nested() {
  keep out.net = [shallow, deep, pooled]
  keep out.deep.act = [relu, silu]
  pick out.deep.norm = bn
  pick out.pooled.act = silu
}
