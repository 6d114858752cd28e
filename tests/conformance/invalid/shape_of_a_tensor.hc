hypercuboid 1
# The axes are x.c, x.h, x.w and x.t.
# error HC3005 at 5:48
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> conv(x.shape) }
