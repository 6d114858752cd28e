hypercuboid 1
# Ruling 7: `/` and negative powers give floats, `//` of integers an integer; floats compare with integers by value.
# expect S: params 24
use std.ops { linear }

space S() on x: vector(4) {
  let half = 7 / 2
  require half == 3.5 and 6 / 3 == 2 and 2 ** -2 == 0.25
  require floor(half) == 3 and ceil(half) == 4 and round(3.4) == 3 and round(3.6) == 4
  require floor(-half) == -4 and ceil(-half) == -3 and abs(-half) == half
  require 1e3 == 1000 and 2.5e-1 == 0.25 and 0.1 + 0.2 < 0.31
  out x -> linear(floor(half) + round(2.7), bias = false)
}
