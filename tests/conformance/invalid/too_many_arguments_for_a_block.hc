hypercuboid 1
# error HC3013 at 5:48
use std.ops { conv }
block B(c: int) on x { out x -> conv(c) }
space S() on x: image(3, 8, 8) { out x -> B(4, 3) }
