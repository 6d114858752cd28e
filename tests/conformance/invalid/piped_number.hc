hypercuboid 1
# error HC3002 at 4:33
use std.ops { relu }
space S() on x: vector(4) { out 3 -> relu }
