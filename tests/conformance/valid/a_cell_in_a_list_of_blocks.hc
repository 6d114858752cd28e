hypercuboid 1
# A cell is a block value: it may be an alternative, and its decision is one wherever it stands.
#   none: 1; once and twice: 2 each by the decision of C: 5
# expect S: weights 5, groups 2, architectures 5
# expect A: architectures 1, add_mult 8
# decision S: out.op | op: none; once; twice
# decision S: C.act | act: relu; tanh
use std.ops { relu, tanh, identity }

block Act() on x {
  let act = choose { relu, tanh }
  out x -> act
}

space S() on x: vector(4) {
  cell C = Act()
  out x -> choose op { none: identity, once: C, twice: C -> C }
}

arch A of S() {
  pick out.op = twice
  pick C.act = relu
}
