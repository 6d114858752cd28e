hypercuboid 1
# A list has one entry per coordinate.
# error HC5011 at 7:3
use std.ops { relu, tanh }
space S() on x: vector(4) { out x -> chain i in 0..3 { choose act { relu, tanh } } }
arch A of S() {
  pick out.act = [relu, tanh]
}
