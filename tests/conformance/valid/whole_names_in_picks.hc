hypercuboid 1
# A decision with several axes is picked by its whole name too; numbered names as they stand.
#   B: 3 * 4 * 9 + 4 * 6, then 6 * 4 + 4 * 6
# expect S: weights 8, groups 2, architectures 16
# expect A: params 180
# decision S: out.k, mid | k: k1; k3 | mid: same; twice
# decision S: out.k, mid@2 | k: k1; k3 | mid: same; twice
use std.ops { conv }

block Flex() on x {
  let k = choose { k1: 1, k3: 3 }
  let mid = choose { same: 4, twice: 8 }
  out x -> conv(mid, k) -> conv(6)
}

space S() on x: image(3, 8, 8) { out x -> Flex -> Flex }

arch A of S() {
  pick out.k, mid = (k3, same)
  pick out.k, mid@2 = (k1, same)
}
