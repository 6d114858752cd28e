hypercuboid 1
# error HC3201 at 4:43
use std.ops { position }
space S() on x: sequence(9, 8) { out x -> position(8) }
