hypercuboid 1
# error HC3013 at 4:58
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> conv(4, k = 3, k = 5) }
