hypercuboid 1
# The `where` of states knows the states alone: a step is restricted by the `where` of a choice.
# error HC2001 at 7:48
use std.ops { relu }
space S() on x: vector(4) {
  node s[i in 0..2] = x
  cuboid h from s { state (a, b) in 0..2 where i > 0 depth i in 0..2 out h[a] -> relu }
  out h[0]
}
