hypercuboid 1
# error HC7040 at 12:15
# error HC7071 at 13:14
# error HC7061 at 14:13
# error HC7063 at 15:13
use std.ops { relu, tanh }

space S() on x: vector(4) {
  out x -> choose act { relu, tanh }
}
search Q of S {
  weighting = "scalr"
  strategy = "third_order"
  penalty = "one_zero"
  perturb = "somehow"
}
