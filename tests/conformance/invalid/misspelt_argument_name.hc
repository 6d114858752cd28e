hypercuboid 1
# error HC3013 at 4:51
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> conv(4, strides = 2) }
