hypercuboid 1
# error HC3201 at 4:43
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> conv(8, 3, groups = 2) }
