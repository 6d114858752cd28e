hypercuboid 1
# error HC3001 at 4:55
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> choose c in 4 { conv(c) } }
