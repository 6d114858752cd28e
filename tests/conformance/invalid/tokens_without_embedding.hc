hypercuboid 1
# error HC3202 at 4:43
use std.ops { linear }
space S() on x: tokens(5, 100) { out x -> linear(8) }
