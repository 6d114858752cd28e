hypercuboid 1
# `sum top k` keeps min(k, terms) terms: all three here, each with two ways.
# expect S: weights 6, groups 3, architectures 8
# expect A: params 32
use std.ops { conv, relu }

space S() on x: image(4, 8, 8) {
  node n = sum top 5 j in 0..3 { choose op in [relu, conv(4)] { x -> op } }
  out n
}

arch A of S() {
  pick n = [0: conv, 1: relu, 2: conv]
}
