hypercuboid 1
# A limit: a cell that stands in two choices and outside of neither cannot be counted yet.
# run S
# error HC5022 at 14:51
use std.ops { relu, tanh }

block Act() on x {
  let act = choose { relu, tanh }
  out x -> act
}

space S() on x: vector(4) {
  cell C = Act()
  out x -> choose first in [relu, C] { first } -> choose second in [relu, C] { second }
}
