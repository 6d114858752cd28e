hypercuboid 1
# Parts of a split have equal sizes: linear 6 * 12 + 12 = 84 gives three parts of 4.
# expect S: params 84
use std.ops { linear, split, tanh, sigmoid }

space S() on x: vector(6) {
  let g = x -> linear(12) -> split(3)
  require len(g) == 3 and g[0].c == 4
  out tanh(g[0]) * sigmoid(g[1]) + g[-1]
}
