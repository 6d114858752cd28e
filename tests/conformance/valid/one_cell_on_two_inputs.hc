hypercuboid 1
# Siamese towers: one set of decisions, weights of their own. 2 * 3 * 4 * (1 + 9) = 240.
# expect S: weights 2, groups 1, architectures 2, params 240
# expect A: params 24
# decision S: Tower.out.k | k: 1; 3
use std.ops { conv, gap }

block Net() on x { out x -> choose k in [1, 3] { conv(4, k) } -> gap }

space S() on a: image(3, 8, 8), b: image(3, 8, 8) {
  cell Tower = Net()
  out Tower(a) * Tower(b)
}

arch A of S() {
  pick Tower.out.k = 1
}
