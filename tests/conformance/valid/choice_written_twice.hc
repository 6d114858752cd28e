hypercuboid 1
# Two uses of a block that chooses are two decisions; equal names are numbered in the order of the text.
#   each: 4 * 4 + 4 * 4 * 9 = 160, the first from 3 channels 120
# expect S: weights 4, groups 2, architectures 4, params 280
# expect Both: weights 2, params 172
# decision S: out.k | k: k1; k3
# decision S: out.k@2 | k: k1; k3
use std.ops { conv }

block Flex(c: int) on x {
  let k = choose { k1: 1, k3: 3 }
  out x -> conv(c, k)
}

space S() on x: image(3, 8, 8) {
  out x -> Flex(4) -> Flex(4)
}

arch Both of S() partial {
  pick out.k = k1
}
