hypercuboid 1
# The first pick decides both coordinates.
# error HC5006 at 8:3
use std.ops { relu, tanh }
space S() on x: vector(4) { out x -> chain i in 0..2 { choose act { relu, tanh } } }
arch A of S() {
  pick out.act = relu
  pick out.act[i = 1] = tanh
}
