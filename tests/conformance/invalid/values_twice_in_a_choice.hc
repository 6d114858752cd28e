hypercuboid 1
# error HC2011 at 4:55
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> choose k in [1, 3, 3] { conv(4, k) } }
