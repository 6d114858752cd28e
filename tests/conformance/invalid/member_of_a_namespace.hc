hypercuboid 1
# error HC2001 at 4:43
use std.ops as ops
space S() on x: image(3, 8, 8) { out x -> ops.convolution(4) }
