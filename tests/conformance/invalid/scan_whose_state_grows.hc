hypercuboid 1
# The state keeps its shape from position to position.
# error HC3121 at 6:47
use std.ops { zeros }
space S() on x: sequence(5, 4) {
  out scan s from x -> zeros(4) over v in x { concat(s, v) }
}
