hypercuboid 1
# error HC3101 at 4:38
use std.ops { gap, linear }
space S() on x: image(4, 8, 8) { out x * (x -> gap -> linear(3)) }
