hypercuboid 1
# error HC4002 at 4:55
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> choose k in 0..1000000 { conv(4) } }
