hypercuboid 1
# error HC5011 at 6:3
use std.ops { relu, tanh, sigmoid }
space S() on x: vector(4) { out x -> choose act { relu, tanh, sigmoid } }
arch A of S() {
  pick out.act = [relu, tanh]
}
