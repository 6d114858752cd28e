hypercuboid 1
# Ruling 7: `resize` needs whole sizes.
# error HC3201 at 5:43
use std.ops { resize }
space S() on x: image(3, 7, 7) { out x -> resize(0.5) }
