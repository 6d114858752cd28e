hypercuboid 1
use std.ops { conv }
block B(c: int) on x { out x -> cnv(c) }
