hypercuboid 1
# The cell of NAS-Bench-201: 4 nodes, 6 edges of 5 operations: 30 weights, 5 ** 6 = 15,625 architectures; used twice.
#   ReLUConvBN k without affine: 16 and 144 on 4 channels; 6 edges * 160 * 2 cells = 1920; stem 108 and bn 8; linear 50
#   a model has affine norms: + 8 per convolution: at most 2 * 6 * (144 + 8) + 166
#   Best: three convolutions of 152 in each cell
# expect S: weights 30, groups 6, architectures 15625, params 2086, params_range 166..1990
# expect Best: params 1078
# decision S: Cell.n[1] | j: 0 | op: zero; identity; nor_conv_1x1; nor_conv_3x3; avg_pool
# decision S: Cell.n[2] | j: 0; 1 | op: zero; identity; nor_conv_1x1; nor_conv_3x3; avg_pool
# decision S: Cell.n[3] | j: 0; 1; 2 | op: zero; identity; nor_conv_1x1; nor_conv_3x3; avg_pool
use std.ops { conv, bn, zero, identity, avg_pool, gap, linear }
use std.blocks { ReLUConvBN }

block nor_conv_1x1() on x { out x -> ReLUConvBN(x.c) }
block nor_conv_3x3() on x { out x -> ReLUConvBN(x.c, 3) }

let ops = [zero, identity, nor_conv_1x1, nor_conv_3x3, avg_pool]

block Nodes() on x {
  node n[0] = x
  node n[i in 1..4] = sum j in 0..i { choose op in ops { n[j] -> op } }
  out n[3]
}

space S() on x: image(3, 8, 8) {
  cell Cell = Nodes()
  out x -> conv(4, 3) -> bn -> Cell -> Cell -> gap -> linear(10)
}

arch Best of S() {
  pick Cell.n[1] = [nor_conv_3x3]
  pick Cell.n[2] = [nor_conv_3x3, identity]
  pick Cell.n[3] = [identity, zero, nor_conv_3x3]
}
