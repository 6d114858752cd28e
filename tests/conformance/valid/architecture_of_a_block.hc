hypercuboid 1
# Blocks have architectures too, with their arguments given.
#   conv 4 * 6 * k * k
# expect A --input 4x8x8: params 216
# expect B --input 4x8x8: weights 2, groups 1, architectures 2, params 240
use std.ops { conv }

block Flex(c: int) on x {
  let k = choose { k1: 1, k3: 3 }
  out x -> conv(c, k)
}

arch A of Flex(c = 6) {
  pick k = k3
}

arch B of Flex(6) partial {}
