hypercuboid 1
# error HC3012 at 4:28
use std.ops { relu }
space S(ops: list(block) = [relu, 3]) on x: image(3, 8, 8) { out x }
