hypercuboid 1
# error HC1006 at 4:24
use std.ops { bn }
block B() on x { out x | bn }
