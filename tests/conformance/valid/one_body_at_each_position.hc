hypercuboid 1
# `scan` runs one body with one set of weights at each position; it gives the states after each of them.
#   linear on 4 + 3 features: 7 * 3 + 3 = 24, run at 5 positions; linear 3 * 2 + 2 on the 5 states
#   macs 5 * 21 + 5 * 6
# expect S: weights 0, architectures 1, params 32, macs 135
use std.ops { linear, tanh, zeros }

space S() on x: sequence(5, 4) {
  let states = scan s from x -> zeros(3) over v in x { (v, s) -> linear(3) -> tanh }
  require states.t == 5 and states.c == 3
  out states -> linear(2)
}
