hypercuboid 1
use std.ops { conv }

block B() on x {
  let k = 1 + choose { k3: 2, k5: 4 }
  out x -> conv(4, k)
}
