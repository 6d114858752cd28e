hypercuboid 1
# `keep` on choices of blocks, of values and of coordinates: what is kept is added with coefficient 1.
#   y: 4 * 4 + 4 * 4 * 9 = 160; f is used in both terms: relu and conv(4): 16 each
# expect S: weights 9, groups 4, architectures 24, params 192
# expect A: params 192
# expect B: params 160
# decision S: y.k | k: k1; k3
# decision S: f | f: relu; tanh; conv
# decision S: out.op | i: 0; 1 | op: relu; tanh
use std.ops { conv, relu, tanh }

block Flex(c: int) on x {
  let k = choose { k1: 1, k3: 3 }
  out x -> conv(c, k)
}

space S() on x: image(4, 8, 8) {
  let y = x -> Flex(4)
  let f = choose { relu, tanh, conv: conv(4) }
  out sum i in 0..2 { y -> f -> choose op in [relu, tanh] { op } }
}

arch A of S() {
  keep y.k = [k1, k3]
  keep f = [relu, conv]
  pick out.op[i = 0] = tanh
  keep out.op[1] = [relu, tanh]
}

arch B of S() {
  keep y.k = [k1, k3]
  pick f = tanh
  pick out.op = relu
}
