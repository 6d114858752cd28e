hypercuboid 1
# error HC1002 at 4:34
use std.ops { conv }
block B() on x { out x -> conv(4 3) }
