hypercuboid 1
# A highway layer: g * f(x) + (1 - g) * x with a chosen f. linear 6 * 6 + 6 = 42: the gate, and one for each f.
# expect S: weights 2, groups 1, architectures 2, params 126, params_range 84..84
use std.ops { linear, sigmoid, tanh, relu }

space S() on x: vector(6) {
  let g = x -> linear(6) -> sigmoid
  node f = x -> choose f { tanh: linear(6) -> tanh, relu: linear(6) -> relu }
  out g * f + (1 - g) * x
}
