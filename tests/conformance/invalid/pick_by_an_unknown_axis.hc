hypercuboid 1
# error HC5005 at 6:16
use std.ops { relu, tanh }
space S() on x: vector(4) { out x -> chain i in 0..2 { choose act { relu, tanh } } }
arch A of S() {
  pick out.act[layer = 0] = relu
  pick out.act[i = 1] = relu
}
