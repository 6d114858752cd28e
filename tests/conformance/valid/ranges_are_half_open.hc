hypercuboid 1
# expect S: architectures 1, params 0
use std.ops { identity }

let n = 4

space S() on x: vector(4) {
  require [i for i in 0..n] == [0, 1, 2, 3] and [i for i in -1..2] == [-1, 0, 1]
  require [i for i in 2..2] == [] and [i for i in n..1] == []
  require [i for i in 0..n - 1] == [0, 1, 2] and [i for i in n // 2..2 * n] == [2, 3, 4, 5, 6, 7]
  require len(0..1000000000) == 1000000000
  out x -> identity
}
