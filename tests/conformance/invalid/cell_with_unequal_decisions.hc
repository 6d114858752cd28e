hypercuboid 1
# Ruling 5: uses of a cell must have equal decisions: here the list depends on an argument.
# error HC5021 at 8:20
use std.ops { relu, tanh, sigmoid }
block B(n: int) on x { out x -> choose act in [relu, tanh, sigmoid][..n] { act } }
space S() on x: vector(4) {
  cell C = B()
  out x -> C(2) -> C(3)
}
