hypercuboid 1
# error HC3014 at 5:43
use std.ops { conv }
block B(c: int, k: int) on x { out x -> conv(c, k) }
space S() on x: image(3, 8, 8) { out x -> B(4) }
