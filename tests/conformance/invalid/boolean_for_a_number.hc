hypercuboid 1
# error HC3012 at 4:51
use std.ops { conv }
space S() on x: image(4, 8, 8) { out x -> conv(4, bias = 1) }
