hypercuboid 1
# error HC3201 at 4:51
use std.ops { attention }
space S() on x: sequence(5, 8) { out (x, x, x) -> attention(3) }
