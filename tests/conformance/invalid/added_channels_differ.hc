hypercuboid 1
# The shortcut of a residual block must fit.
# error HC3101 at 5:38
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x + (x -> conv(8, 3)) }
