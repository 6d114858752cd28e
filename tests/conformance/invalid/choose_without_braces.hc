hypercuboid 1
# error HC1002 at 4:34
use std.ops { relu, tanh }
block B() on x { out x -> choose [relu, tanh] }
