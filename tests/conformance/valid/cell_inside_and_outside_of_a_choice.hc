hypercuboid 1
# A decision that a use outside of a choice makes is made for the uses inside of it too.
# expect S: weights 4, groups 2, architectures 4, params 20
# decision S: C.act | act: relu; tanh
# decision S: out.op | op: relu; C
use std.ops { relu, tanh, linear }

block Act() on x {
  let act = choose { relu, tanh }
  out x -> act
}

space S() on x: vector(4) {
  cell C = Act()
  out x -> C -> choose op in [relu, C] { op } -> linear(4)
}
