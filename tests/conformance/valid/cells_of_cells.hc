hypercuboid 1
# A cell in a block starts the path afresh there: two uses of Stage are two cells, one of a file is one for all.
#   each Stage: C(4), C(6): 4 * 4 * 10 + 4 * 6 * 10 = 400, the second from 4 channels again by G 6 * 4 * 10 = 240
# expect S: weights 6, groups 3, architectures 8, params 1280
# decision S: y.C.k | k: k1; k3
# decision S: G.k | k: k1; k3
# decision S: out.C.k | k: k1; k3
use std.ops { conv }

block Flex(c: int) on x {
  let k = choose { k1: 1, k3: 3 }
  out x -> conv(c, k)
}

block Stage() on x {
  cell C = Flex()
  let z = x -> C(4)
  out z -> C(6)
}

cell G = Flex(c = 4)

space S() on x: image(4, 8, 8) {
  let y = x -> Stage
  let z = y -> G
  out z -> Stage -> G
}
