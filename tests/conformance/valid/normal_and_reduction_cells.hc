hypercuboid 1
# The plan of DARTS: 4 cells, the second and third reduce, both kinds share their decisions over the network.
#   in each cell 2 edges of 2: 4 weights, 2 groups; two kinds: 8 weights, 4 groups, 2 ** 4 architectures
# expect S: weights 8, groups 4, architectures 16
# decision S: Reduce.n | j: 0; 1 | op: conv; max_pool
# decision S: Normal.n | j: 0; 1 | op: conv; max_pool
use std.ops { conv, max_pool, gap, linear }

block Cell(c: int, stride: int) on x {
  let y = x -> conv(c)
  node n = sum j in 0..2 { choose op in [conv(c, 3), max_pool] { y -> op(stride = stride) } }
  out n
}

space S(cells: int = 4) on x: image(3, 16, 16) {
  cell Normal = Cell(stride = 1)
  cell Reduce = Cell(stride = 2)
  let cuts = [cells // 3, 2 * cells // 3]
  out x -> chain i in 0..cells { (Reduce if has(cuts, i + 1) else Normal)(4 * 2 ** len([r for r in cuts if r <= i + 1])) }
    -> gap -> linear(10)
}
