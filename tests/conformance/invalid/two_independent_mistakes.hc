hypercuboid 1
# Both are reported in one run, in the order of the text.
# error HC2001 at 6:27
# error HC3013 at 7:35
use std.ops { conv }
block A() on x { out x -> cnv(4) }
block B() on x { out x -> conv(4, size = 3) }
space S() on x: image(3, 8, 8) { out x }
