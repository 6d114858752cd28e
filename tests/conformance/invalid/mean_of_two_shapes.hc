hypercuboid 1
# error HC3101 at 4:38
use std.ops { conv }
space S() on x: image(3, 8, 8) { out mean c in [4, 8] { x -> conv(c) } }
