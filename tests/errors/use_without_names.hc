hypercuboid 1
use std.ops
