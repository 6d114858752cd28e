hypercuboid 1
# How long a chain is, is a choice of its own; an empty chain is the identity.
#   lengths 0, 1, 2, 3 of 4 * 4 * 9 = 144: 0 + 144 + 288 + 432 = 864; conv 3 * 4 = 12
# expect S: weights 4, groups 1, architectures 4, params 876, params_range 12..444
# expect Deep: params 444
# decision S: out.n | n: 0; 1; 2; 3
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  out x -> conv(4) -> choose n in 0..4 { chain i in 0..n { conv(4, 3) } }
}

arch Deep of S() {
  pick out.n = 3
}
