hypercuboid 1
# expect S: architectures 1, params 0
use std.ops { identity }

let sizes = [16, 8, 32]

space S() on x: vector(4) {
  require len(sizes) == 3 and min(sizes) == 8 and max(sizes) == 32 and max(2, 7, 3) == 7 and min(0..5) == 0
  require has(sizes, 8) and not has(sizes, 9) and has(0..3, 2) and not has(0..3, 3)
  require abs(-3) == 3 and round(7.2) == 7 and floor(7.9) == 7 and ceil(7.1) == 8
  require sum(sizes) == 56 and sum(1, 2, 3) == 6 and sum s in sizes { 2 * s } == 112 and sum([]) == 0
  require sum i in 0..10 where i % 2 == 1 { i } == 25
  require [i * s for (i, s) in enumerate(sizes)] == [0, 8, 64]
  require [a + b for (a, b) in zip(sizes, [1, 2, 3])] == [17, 10, 35]
  require len(zip(sizes, sizes)) == 3 and len([]) == 0 and len(5..2) == 0
  out x -> identity
}
