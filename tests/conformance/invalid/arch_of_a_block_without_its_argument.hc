hypercuboid 1
# error HC3014 at 5:1
use std.ops { conv }
block B(c: int) on x { out x -> conv(c) }
arch A of B() {}
