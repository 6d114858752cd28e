hypercuboid 1
# A label stands before `:`, not before `=`.
# error HC1002 at 5:42
use std.ops { relu, tanh }
block B() on x { out x -> choose act { r = relu, t = tanh } }
