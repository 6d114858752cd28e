hypercuboid 1
# The same block used twice: decisions shared by a cell, decisions and weights by a share, nothing by plain uses.
#   one use: 4 * 4 + 4 * 4 * 9 = 160
# expect Plain: weights 4, groups 2, architectures 4, params 320
# expect Cell: weights 2, groups 1, architectures 2, params 320
# expect Shared: weights 2, groups 1, architectures 2, params 160
# expect A: params 144
# decision Shared: w.k | k: k1; k3
use std.ops { conv, relu }

block Flex() on x {
  let k = choose { k1: 1, k3: 3 }
  out x -> conv(x.c, k)
}

space Plain() on x: image(4, 8, 8) { out x -> Flex -> relu -> Flex }

space Cell() on x: image(4, 8, 8) {
  cell w = Flex()
  out x -> w -> relu -> w
}

space Shared() on x: image(4, 8, 8) {
  share w = Flex()
  out x -> w -> relu -> w
}

arch A of Shared() {
  pick w.k = k3
}
