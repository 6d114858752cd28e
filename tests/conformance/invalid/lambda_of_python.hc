hypercuboid 1
# error HC1002 at 4:16
use std.ops { relu }
let f = lambda x: relu(x)
