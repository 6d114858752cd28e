hypercuboid 1
# Stages of residual blocks, their number left to the search: one or two blocks per stage, two stages.
#   Residual(c): 2 * (c * c * 9 + 2 * c); c = 4: 304, c = 8: 1184
#   stem 3 * 4 * 9 = 108; into stage 1: conv 4 * 8 = 32; head 8 * 10 + 10
#   stage of n blocks: n in 1, 2: both are built: 3 blocks
# expect S: weights 4, groups 2, architectures 4, params 4694, params_range 1718..3206
# expect Deep: params 3206
# decision S: out.n | stage: 0; 1 | n: 1; 2
use std.ops { conv, bn, relu, gap, linear }

block Residual() on x {
  let c = x.c
  out x + (x -> conv(c, 3) -> bn -> relu -> conv(c, 3) -> bn)
}

space S() on x: image(3, 16, 16) {
  out x -> conv(4, 3)
    -> chain stage in 0..2 {
         let fit = conv(8, stride = 2)
         out (fit if stage == 1 else Same) -> choose n in [1, 2] { chain i in 0..n { Residual } }
       }
    -> gap -> linear(10)
}

block Same() on x { out x }

arch Deep of S() {
  pick out.n = [2, 2]
}
