hypercuboid 1
# error HC2002 at 3:15
use std.ops { Conv2d, relu }
space S() on x: image(3, 8, 8) { out x -> relu }
