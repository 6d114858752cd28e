hypercuboid 1
# An instance of weights belongs to a network.
# error HC1002 at 5:1
use std.ops { linear }
share w = linear(4)
