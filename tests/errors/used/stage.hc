hypercuboid 1
use std.ops { conv }
block Stage(c: int, groups: int = 3) on x {
  require c % 4 == 0 else "this stage needs a multiple of 4 filters"
  out x -> conv(c, 3, groups = groups)
}
