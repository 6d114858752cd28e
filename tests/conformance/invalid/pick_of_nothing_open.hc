hypercuboid 1
# A model without choices has nothing to pick.
# error HC5005 at 7:8
use std.ops { relu }
space S() on x: vector(4) { out x -> relu }
arch A of S() {
  pick out.act = relu
}
