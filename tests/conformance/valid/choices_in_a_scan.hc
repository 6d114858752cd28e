hypercuboid 1
# A decision in a scan is made once for all positions. linear on 8 features: 8 * 4 + 4 = 36 in each alternative.
# expect S: weights 4, groups 2, architectures 4, params 72, params_range 36..36
# expect A: params 36, macs 192
#   macs 6 * 32
# decision S: states.step | step: plain; kept
# decision S: out.act | act: relu; tanh
use std.ops { linear, tanh, relu, zeros }

space S() on x: sequence(6, 4) {
  node states = scan s from x -> zeros(4) over v in x {
    (choose step { plain: Next, kept: Kept })(v, s)
  }
  out states[-1] -> choose act { relu, tanh }
}

block Next() on v, s { out (v, s) -> linear(4) -> tanh }
block Kept() on v, s { out s + ((v, s) -> linear(4) -> tanh) }

arch A of S() {
  pick states.step = kept
  pick out.act = relu
}
