hypercuboid 1
# error HC2017 at 4:7
use std.ops { conv }
block conv() on x { out x }
