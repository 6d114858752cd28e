hypercuboid 1
# error HC1002 at 5:34
# error HC2001 at 6:27
use std.ops { conv }
block A() on x { out x -> conv(4 3) }
block B() on x { out x -> cnv(4) }
