hypercuboid 1
# error HC1015 at 4:41
use std.ops { relu }
space S() on x: vector(4) { out sum top 0 i in 0..3 { x -> choose act { relu, relu } } }
