hypercuboid 1
# error HC3015 at 4:43
use std.ops { relu }
space S() on x: vector(4) { out (x, x) -> relu }
