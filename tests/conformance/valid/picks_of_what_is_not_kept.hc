hypercuboid 1
# A pick inside an alternative that is not kept changes nothing: an architecture may be edited in one place.
# expect S: weights 4, groups 2, architectures 3
# expect A: params 0
# expect B: params 16
use std.ops { relu, tanh, conv, identity }

space S() on x: image(4, 8, 8) {
  out x -> choose net { plain: identity, rich: choose act { relu, tanh } -> conv(4) }
}

arch A of S() {
  pick out.net = plain
  pick out.rich.act = relu
}

arch B of S() {
  pick out.net = rich
  pick out.rich.act = relu
}
