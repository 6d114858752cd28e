hypercuboid 1
# error HC4002 at 4:49
use std.ops { relu }
space S() on x: vector(4) { out x -> chain i in 0..1000000000 { relu } }
