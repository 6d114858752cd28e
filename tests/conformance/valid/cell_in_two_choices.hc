hypercuboid 1
# A cell in two choices and outside of neither decides where one of them keeps it: 1 + 3 * 2.
# expect S: weights 6, groups 3, architectures 7
use std.ops { relu, tanh }

block Act() on x {
  let act = choose { relu, tanh }
  out x -> act
}

space S() on x: vector(4) {
  cell C = Act()
  out x -> choose first in [relu, C] { first } -> choose second in [relu, C] { second }
}
