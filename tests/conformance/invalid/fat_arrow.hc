hypercuboid 1
# An arrow of another language.
# error HC1002 at 5:24
use std.ops { bn }
block B() on x { out x => bn }
