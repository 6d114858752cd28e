hypercuboid 1
# error HC1002 at 3:15
use std.ops { * }
