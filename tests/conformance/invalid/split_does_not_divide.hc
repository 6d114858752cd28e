hypercuboid 1
# error HC3201 at 4:42
use std.ops { split }
space S() on x: vector(8) { let s = x -> split(3) out s[0] }
