hypercuboid 1
# Ruling 11: every term of `sum top` needs a choice.
# error HC3108 at 6:7
use std.ops { relu, tanh }
space S() on x: vector(4) {
  out sum top 1 i in 0..2 { x -> (relu if i == 0 else choose act { relu, tanh }) }
}
