hypercuboid 1
# Ruling 9: the values of one body are one decision with an axis per `let`, the body copied per combination.
#   (k, mid): 4 * k * k * mid + mid * 8: k1: mid 4: 16 + 32, mid 8: 32 + 64; k3: 144 + 32, 288 + 64 = 672
# expect S: weights 4, groups 1, architectures 4, params 672, params_range 48..352
# expect A: params 352
# What is decided of one axis leaves the name as it is: Half has the two copies with k3.
# decision S: out.k, mid | k: k1; k3 | mid: same; twice
# expect Half: weights 2, groups 1, architectures 2, params 528
# decision Half: out.k, mid | mid: same; twice
use std.ops { conv }

block Flex(c: int) on x {
  let k = choose { k1: 1, k3: 3 }
  let mid = choose { same: x.c, twice: 2 * x.c }
  out x -> conv(mid, k) -> conv(c)
}

space S() on x: image(4, 8, 8) { out x -> Flex(8) }

arch A of S() {
  pick out.k = k3
  pick out.mid = twice
}

arch Half of S() partial {
  pick out.k = k3
}
