hypercuboid 1
use std.ops { split }
block B() on x {
  let g = x -> split(2)
  out g[0]
}
space S() on x {
  out x -> B()
}
