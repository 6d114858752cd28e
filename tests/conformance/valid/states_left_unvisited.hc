hypercuboid 1
# Ruling 14: a state that the kept path does not visit is missing: sum and mean drop it, an op that reads it as well.
#   A ends in 8: stem 3 * 4, 4 * 8, then 8 * 2 with bn 4 read only from h[8]: 12 + 32 + 16 + 4 = 64
# expect S: weights 4, groups 1, architectures 4
# expect A: params 64
use std.ops { conv, bn }

space S() on x: image(3, 8, 8) {
  node stem[c in [4, 8]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [4, 8]
    depth layer in 0..1
    out h[a] -> conv(b)
  }
  node end[c in [4, 8]] = h[c] -> conv(2) -> bn
  out mean(end[4], end[8])
}

arch A of S() {
  pick h[layer = 0] = 4 -> 8
}
