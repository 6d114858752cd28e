hypercuboid 1
# error HC2006 at 4:57
use std.ops { relu }
block Tree(n: int) on x { out x -> (relu if n == 0 else Tree(n - 1)) }
