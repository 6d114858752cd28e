hypercuboid 1
# Several `for`, each with an `if`, the last fastest; tuples of names take tuples apart.
# expect S: architectures 1, params 0
use std.ops { identity }

space S() on x: vector(4) {
  require [i * i for i in 0..5] == [0, 1, 4, 9, 16]
  require [(a, b) for a in 0..2 for b in [7, 8]] == [(0, 7), (0, 8), (1, 7), (1, 8)]
  require [i for i in 0..10 if i % 3 == 0] == [0, 3, 6, 9]
  require [a + b for a in 0..3 if a > 0 for b in 0..a if b < 2] == [1, 2, 3]
  require [a - b for (a, b) in [(5, 2), (9, 4)]] == [3, 5]
  require len([0 for a in 0..4 for b in 0..4 for c in 0..4]) == 64
  require [[j for j in 0..i] for i in 0..3] == [[], [0], [0, 1]]
  out x -> identity
}
