hypercuboid 1
# error HC5005 at 6:8
use std.ops { relu, tanh }
space S() on x: vector(4) { out x -> choose act { relu, tanh } }
arch A of S() {
  pick out.akt = relu
}
