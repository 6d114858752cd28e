hypercuboid 1
# error HC5006 at 7:3
use std.ops { relu, tanh }
space S() on x: vector(4) { out x -> choose act { relu, tanh } }
arch A of S() {
  pick out.act = relu
  pick out.act = tanh
}
