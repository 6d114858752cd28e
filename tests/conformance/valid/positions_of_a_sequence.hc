hypercuboid 1
# `x[i]` is the vector at a position, from the end for negative ones. linear 8 * 3 + 3.
# expect S: params 27
use std.ops { linear }

space S() on x: sequence(5, 8) {
  let last = x[-1]
  require last.c == 8
  out x[0] + last -> linear(3)
}
