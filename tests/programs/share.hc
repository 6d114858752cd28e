hypercuboid 1
# Weights that several places share: a pipeline, a block with decisions, one matrix per node, one handed to a block.
use std.ops { conv, bn, relu, tanh, identity, gap, linear }

block Mixed(c: int) on x {
  out x -> choose k in [1, 3] { conv(c, k) } -> bn -> choose act { relu: relu, tanh: tanh }
}

block Gate(w: block) on x { out x + (x -> w -> choose f in [relu, tanh] { f }) }

space Shares(c: int = 4) on x: image(3, 8, 8) {
  share stem = conv(c, 3) -> bn
  share mixed = Mixed(c)
  share smooth = conv(c, 3) -> bn
  share each[i in 1..3] = conv(c, 1) -> bn
  node n[0] = x -> stem
  node n[i in 1..3] = sum top 1 j in 0..i { n[j] -> Gate(each[i]) }
  let last = n[2] -> mixed -> choose op { again: mixed, smooth: smooth, once: identity, each: each[1] }
  out last + (x -> conv(3, 3) -> stem -> mixed -> smooth) -> gap -> linear(10)
}
