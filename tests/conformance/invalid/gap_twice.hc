hypercuboid 1
# error HC3202 at 4:50
use std.ops { gap }
space S() on x: image(3, 8, 8) { out x -> gap -> gap }
