hypercuboid 1
# Ruling 19: without `partial`, what is left open is listed.
# error HC5008 at 6:1
use std.ops { relu, tanh }
space S() on x: vector(4) { out x -> chain i in 0..2 { choose act { relu, tanh } } }
arch A of S() {
  pick out.act[i = 1] = tanh
}
