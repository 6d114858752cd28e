hypercuboid 1
# `out` gives a tensor, not the block that would make one.
# error HC3016 at 5:33
use std.ops { relu }
space S() on x: vector(4) { out relu }
