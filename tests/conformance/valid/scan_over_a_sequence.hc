hypercuboid 1
# One body at each position: weights and decisions once, work at each of the 5 positions.
#   gate: (4 + 6) * 6 + 6 = 66, step: 6 * 6 + 6 = 42
# expect S: weights 3, groups 1, architectures 3, params 108, params_range 66..108, macs_range 300..480
# expect A: params 66, macs 300
# decision S: states.f | f: relu; tanh; linear
use std.ops { linear, relu, tanh, zeros }

space S(t: int = 5) on x: sequence(t, 4) {
  node states = scan h from x -> zeros(6) over v in x {
    let gate = (v, h) -> linear(6)
    out h + (gate -> choose f in [relu, tanh, linear(6)] { f })
  }
  out states[-1]
}

arch A of S() { pick states.f = tanh }
