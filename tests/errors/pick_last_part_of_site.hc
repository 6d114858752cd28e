hypercuboid 1
use std.ops { conv, relu, silu, gap, linear }

space S() on x: image(3, 8, 8) {
  node stem = x -> conv(8) -> choose act { relu, silu }
  out stem -> choose op { relu, silu } -> gap -> linear(10)
}

arch A of S() {
  pick act = relu
  pick op = silu
}
