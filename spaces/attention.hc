hypercuboid 1
# A small vision transformer (Dosovitskiy et al. 2021): heads, width and activation of its layers, and whether there are.
use std.ops { patches, position, linear, layer_norm, attention, gap, relu, gelu, silu, identity }

param classes: int = 10 in 2..100001

## The heads share the projections: attention itself has no weights.
block Attend() on x {
  let y = x -> layer_norm
  let mixed = (y -> linear(x.c), y -> linear(x.c), y -> linear(x.c))
    -> choose heads in [1, 2, 4, 8] { attention(heads) }
  out x + (mixed -> linear(x.c))
}

block Feed() on x {
  let width = choose { half: x.c // 2, same: x.c, four: 4 * x.c }
  out x + (x -> layer_norm -> linear(width) -> choose act { relu: relu, gelu: gelu, silu: silu } -> linear(x.c))
}

## Small: -p d=16 -p layers=2 -p patch=4 --input 3x8x8
space VisionTransformer(d: int = 64, layers: int = 6, patch: int = 4) on x: image(3, 32, 32) {
  node tokens = x -> patches(patch) -> linear(d) -> position((x.h // patch) * (x.w // patch))
  node trunk = tokens
    -> chain layer in 0..layers {
         choose mix { attend: Attend(), none: identity } -> choose feed { feed: Feed(), none: identity }
       }
  out trunk -> layer_norm -> gap -> linear(classes)
}
