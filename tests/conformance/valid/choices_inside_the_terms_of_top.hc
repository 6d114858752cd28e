hypercuboid 1
# A term with a choice inside an alternative: 1 + 2 = 3 ways, one of two terms: 6. The choose is not the whole term
# of the fold, so it has a name of its own behind that of the node.
# expect S: weights 8, groups 4, architectures 6
# expect A: params 16
# decision S: n.op | j: 0; 1 | op: plain; rich
# decision S: n.rich.act | j: 0; 1 | act: relu; tanh
use std.ops { conv, relu, tanh, identity }

space S() on x: image(4, 8, 8) {
  node n = sum top 1 j in 0..2 {
    x -> choose op { plain: identity, rich: conv(4) -> choose act { relu, tanh } }
  }
  out n
}

arch A of S() {
  pick n.op = [1: rich]
  pick n.rich.act[j = 1] = tanh
}
