hypercuboid 1
# error HC1002 at 4:27
use std.ops { bn }
block B() on x { out x -> -> bn }
