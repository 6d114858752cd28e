hypercuboid 1
# A multilayer perceptron on a vector: depth 1 or 2, width 8 or 16 for all layers of one block.
#   depth 1: 6 * w + w; depth 2 adds w * w + w; then w * 3 + 3. w = 8: 56, 72, 27; w = 16: 112, 272, 51
#   one copy of the block per width, with both depths in it: (56 + 56 + 72) + 27 and (112 + 112 + 272) + 51
# expect S: weights 6, groups 3, architectures 4, params 758
# expect A: params 155
# decision S: out.width | width: narrow; wide
# decision S: out.narrow.y.n | n: 1; 2
# decision S: out.wide.y.n | n: 1; 2
use std.ops { linear, relu }

block Mlp(classes: int) on x {
  let width = choose { narrow: 8, wide: 16 }
  let y = x -> choose n in [1, 2] { chain i in 0..n { linear(width) -> relu } }
  out y -> linear(classes)
}

space S() on x: vector(6) { out x -> Mlp(3) }

arch A of S() {
  pick out.width = narrow
  pick out.narrow.y.n = 2
}
