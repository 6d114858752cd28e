hypercuboid 1
# Ruling 16: alternatives add, the rest multiplies: 1 + 2 * 2 = 5. The label of the alternative is part of the name.
#   deep: 2 activations, 2 norms; conv 4 * 4 * 9 twice: shallow 144, deep 144 + bn 8
# expect S: weights 6, groups 3, architectures 5, params 296, params_range 144..152
# expect A: params 152
# decision S: out.net | net: shallow; deep
# decision S: out.deep.act | act: relu; tanh
# decision S: out.deep.norm | norm: bn; none
use std.ops { conv, bn, relu, tanh, identity }

space S() on x: image(4, 8, 8) {
  out x -> choose net {
    shallow: conv(4, 3),
    deep: conv(4, 3) -> choose act { relu, tanh } -> choose norm { bn, none: identity },
  }
}

arch A of S() {
  pick out.net = deep
  pick out.deep.act = tanh
  pick out.deep.norm = bn
}
