hypercuboid 1
# error HC2004 at 6:7
use std.ops { split }
space S() on x: vector(4) {
  let s = x -> split(2)
  out s[2]
}
