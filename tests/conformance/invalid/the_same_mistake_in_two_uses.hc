hypercuboid 1
# A block that is used twice is reported once.
# error HC3013 at 5:35
use std.ops { conv }
block B() on x { out x -> conv(4, size = 3) }
space S() on x: image(3, 8, 8) { out x -> B -> B }
