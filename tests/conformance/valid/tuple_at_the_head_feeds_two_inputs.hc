hypercuboid 1
# Ruling 4: a tuple feeds several inputs; `linear` alone concatenates several.
#   linear(5) on 4 + 6 features: 50 + 5; Both: 4 * 3 + 3 and 6 * 3 + 3
# expect S: params 91
use std.ops { linear }

block Both(d: int) on a: vector(4), b: vector(6) {
  out linear(a, d) + linear(b, d)
}

space S() on x: vector(4), y: vector(6) {
  out concat((x, y) -> linear(5), (x, y) -> Both(3))
}
