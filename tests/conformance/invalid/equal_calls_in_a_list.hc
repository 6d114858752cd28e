hypercuboid 1
# Calls of one name are told apart by their arguments; these have the same.
# error HC2011 at 5:56
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> choose op in [conv(4), conv(4)] { op } }
