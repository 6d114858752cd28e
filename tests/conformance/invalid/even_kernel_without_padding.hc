hypercuboid 1
# Ruling 7: an even kernel must state its padding.
# error HC3201 at 5:43
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> conv(4, 2) }
