hypercuboid 1
# Ruling 12: the counts leave `zero` out, a pick may keep it, and the term then adds nothing.
#   (2 terms of 2, 1 way each) = 1; A keeps nothing of term 1: one convolution of 4 * 4
# expect S: weights 4, groups 2, architectures 1, params 32
# expect A: params 16
use std.ops { conv, zero }

space S() on x: image(4, 8, 8) {
  node n = sum top 2 j in 0..2 { choose op in [conv(4), zero] { x -> op } }
  out n
}

arch A of S() {
  pick n = [0: conv, 1: zero]
}
