hypercuboid 1
# error HC2011 at 4:43
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> choose op { a: conv(4), a: conv(4, 3) } }
