hypercuboid 1
use std.ops { relu, tanh, sigmoid }

block B(n: int) on x {
  out x -> choose act in [relu, tanh, sigmoid][..n] { act }
}

space S() on x: vector(4) {
  cell C = B()
  let y = x -> C(2)
  out y -> C(3)
}
