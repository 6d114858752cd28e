hypercuboid 1
# Slices are half open like ranges; one side may be left out inside brackets. Negative indices count from the end.
# expect S: architectures 1, params 0
use std.ops { identity }

let v = [10, 20, 30, 40, 50]

space S() on x: vector(4) {
  require v[0] == 10 and v[-1] == 50 and v[4] == 50
  require v[1..3] == [20, 30] and v[..2] == [10, 20] and v[3..] == [40, 50] and v[2..2] == []
  require v + [60] == [10, 20, 30, 40, 50, 60]
  require [[1, 2], [3]][0][1] == 2
  require (3..7)[1] == 4 and len((3..7)[1..]) == 3
  out x -> identity
}
