hypercuboid 1
# error HC3201 at 4:43
use std.ops { conv }
space S() on x: image(3, 4, 4) { out x -> conv(4, 7, padding = 0) }
