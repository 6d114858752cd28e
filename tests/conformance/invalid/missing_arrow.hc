hypercuboid 1
# error HC1002 at 4:35
use std.ops { conv, bn }
block B() on x { out x -> conv(4) bn }
