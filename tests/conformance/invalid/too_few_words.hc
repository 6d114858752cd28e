hypercuboid 1
# error HC3201 at 4:43
use std.ops { embed }
space S() on x: tokens(9, 100) { out x -> embed(50, 8) }
