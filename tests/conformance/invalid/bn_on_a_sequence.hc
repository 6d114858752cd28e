hypercuboid 1
# error HC3202 at 4:43
use std.ops { bn }
space S() on x: sequence(5, 8) { out x -> bn }
