hypercuboid 1
# `/` gives a float, also where it is whole: `//` gives an integer.
# error HC3012 at 5:48
use std.ops { conv }
space S() on x: image(4, 8, 8) { out x -> conv(x.c / 2) }
