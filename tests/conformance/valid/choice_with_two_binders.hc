hypercuboid 1
# One decision with an axis per binder, the last fastest; one softmax over the product.
#   3 * 4 * (1 + 9) * 2 activations: 240
# expect S: weights 4, groups 1, architectures 4, params 240
# expect A: params 108
# decision S: out.k, act | k: 1; 3 | act: relu; tanh
use std.ops { conv, relu, tanh }

space S() on x: image(3, 8, 8) {
  out x -> choose k in [1, 3], act in [relu, tanh] { conv(4, k) -> act }
}

arch A of S() {
  pick out.k = 3
  pick out.act = tanh
}
