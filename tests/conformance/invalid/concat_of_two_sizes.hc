hypercuboid 1
# error HC3101 at 4:38
use std.ops { max_pool }
space S() on x: image(3, 8, 8) { out concat(x, x -> max_pool(3, 2)) }
