hypercuboid 1
# Cells of networks that repeat two of them, one that keeps the size and one that halves it.
use std.ops { drop_path }
use std.blocks { FactorizedReduce, ReLUConvBN }

## The cell of DARTS: four nodes, each the sum of its two strongest incoming edges.
block DartsCell(c: int, stride: int, primitives: list(block)) on s0, s1 {
  node n[0] = s0 -> (FactorizedReduce(c) if s0.h != s1.h else ReLUConvBN(c))
  node n[1] = s1 -> ReLUConvBN(c)
  node n[i in 2..6] = sum top 2 j in 0..i {
    choose op in primitives { n[j] -> op(c, stride = stride if j < 2 else 1) -> drop_path }
  }
  out concat(n[2..6])
}

## The cell of NASNet and AmoebaNet: five nodes, each the sum of two (input, primitive) pairs that are chosen freely
## and may be alike; the output concatenates the nodes that no other node reads.
block NasnetCell(c: int, stride: int, primitives: list(block)) on s0, s1 {
  node n[0] = s0 -> (FactorizedReduce(c) if s0.h != s1.h else ReLUConvBN(c))
  node n[1] = s1 -> ReLUConvBN(c)
  node n[i in 2..7] = sum branch in 0..2 {
    choose j in 0..i, op in primitives { n[j] -> op(c, stride = stride if j < 2 else 1) -> drop_path }
  }
  out concat(unused(n))
}
