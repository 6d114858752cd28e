hypercuboid 1
# A limit: a cell that is used both as an alternative and outside of that choice cannot be counted yet.
# run S
# error HC5022 at 14:17
use std.ops { relu, tanh }

block Act() on x {
  let act = choose { relu, tanh }
  out x -> act
}

space S() on x: vector(4) {
  cell C = Act()
  out x -> C -> choose op in [relu, C] { op }
}
