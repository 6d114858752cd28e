hypercuboid 1
# error HC5003 at 4:43
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> choose c in [4, 8] where c > 8 { conv(c) } }
