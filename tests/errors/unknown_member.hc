hypercuboid 1
use std.blocks as b
block B() on x { out x -> b.SepCon(8) }
