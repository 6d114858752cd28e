hypercuboid 1
# Used by programs of this folder; it has mistakes of its own.
use std.ops { conv }
block Good(c: int) on x { out x -> conv(c) }
block Bad(c: int) on x { out x -> cnv(c) }
