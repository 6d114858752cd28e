hypercuboid 1
use std.ops { relu, tanh }
block Act() on x { out x -> relu }
