hypercuboid 1
# Terms of `sum top` share a choice of blocks with another node; it is made where one of them keeps it.
#   first and one of 2 terms: all without it 2; else 3 * 2 ways by 2 outcomes: 2 + 12 = 14
# expect S: weights 8, groups 4, architectures 14, params 27, params_range 0..18
# expect A: params 9
use std.ops { conv, relu, tanh }

space S() on x: image(3, 4, 4) {
  let act = choose { relu, tanh }
  node y = x -> choose first in [conv(3), act] { first }
  out sum top 1 j in 0..2 { y -> choose op in [conv(3), act] { op } }
}

arch A of S() {
  pick act = tanh
  pick y.first = conv
  pick out.op = [1: act]
}
