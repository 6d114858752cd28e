hypercuboid 1
# Ruling 8: a choice of blocks distributes its arguments. conv(6, 3) 3 * 6 * 9 = 162, Narrow(6) 3 * 2 + 2 * 6 = 18.
# expect S: weights 2, groups 1, architectures 2, params 180
# decision S: op | op: conv; Narrow
use std.ops { conv }

block Narrow(c: int, k: int) on x { out x -> conv(2) -> conv(c) }

space S() on x: image(3, 8, 8) {
  let op = choose { conv, Narrow }
  out x -> op(6, k = 3)
}
