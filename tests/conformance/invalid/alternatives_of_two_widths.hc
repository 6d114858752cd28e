hypercuboid 1
# A width is chosen for an inner layer; what comes out must agree.
# error HC3103 at 5:43
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> choose c in [8, 16] { conv(c) } }
