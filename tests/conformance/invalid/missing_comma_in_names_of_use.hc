hypercuboid 1
# error HC1002 at 3:20
use std.ops { conv bn }
block B() on x { out x }
