hypercuboid 1
# `aux` is trained with a model and counted nowhere; a supernet has none.
#   conv 3 * 4 * 9 = 108, linear 4 * 10 + 10; relu or tanh
# expect S: weights 2, groups 1, architectures 2, params 158
# expect A: params 158
use std.ops { conv, relu, tanh, gap, linear }

space S() on x: image(3, 8, 8) {
  node h = x -> conv(4, 3) -> choose act { relu, tanh }
  aux h -> gap -> linear(10)
  out h -> gap -> linear(10)
}

arch A of S() {
  pick h.act = relu
}
