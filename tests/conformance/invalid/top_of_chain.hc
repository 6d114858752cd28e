hypercuboid 1
# error HC1015 at 4:44
use std.ops { relu }
space S() on x: vector(4) { out x -> chain top 2 i in 0..3 { relu } }
