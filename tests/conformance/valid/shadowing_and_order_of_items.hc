hypercuboid 1
# Ruling 2: names of a file come in any order; binders may shadow them.
# expect S: architectures 1, params 0
use std.ops { identity }

space S() on x: vector(4) {
  require last == 6
  let first = 100
  require first == 100 and [first for first in 0..2] == [0, 1] and first == 100
  require sum last in [1, 2] { last } == 3
  out x -> Same
}

let last = 2 * first
block Same() on x { out x -> identity }
let first = 3
