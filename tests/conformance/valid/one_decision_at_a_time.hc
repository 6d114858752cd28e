hypercuboid 1
# Partial architectures of one space, each deciding more. relu or tanh, 1 or 3, with or without a norm.
#   conv 3 * 4 * (1 + 9) = 120, bn 8 (in the supernet and in a model)
# expect S: weights 6, groups 3, architectures 8, params 128
# expect First: weights 4, groups 2, architectures 4, params 128
# expect Second: weights 2, groups 1, architectures 2, params 116
# expect Third: weights 0, architectures 1, params 116, decided true
# decision First: k.k | k: 1; 3
# decision First: out.norm | norm: bn; none
# decision Second: out.norm | norm: bn; none
use std.ops { conv, bn, relu, tanh, identity }

space S() on x: image(3, 8, 8) {
  node k = x -> choose k in [1, 3] { conv(4, k) }
  node act = k -> choose act { relu, tanh }
  out act -> choose norm { bn, none: identity }
}

arch First of S() partial {
  pick act.act = tanh
}

arch Second of S() partial {
  pick act.act = tanh
  pick k.k = 3
}

arch Third of S() {
  pick act.act = tanh
  pick k.k = 3
  pick out.norm = bn
}
