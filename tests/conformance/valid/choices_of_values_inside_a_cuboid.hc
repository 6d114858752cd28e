hypercuboid 1
# A value chosen in a cuboid's body is one array over its steps and pairs, called by the cuboid.
#   8 moves with 2 widths each: 8 + 8 * 2 = 24 weights; 2 + 8 groups; 2 * (2 * 2) ** 2 = 32
# expect S: weights 24, groups 10, architectures 32
# expect A: params 20
#   A: stem 3 * 2; 2 -> 1 through 3: 6 + 3; 1 -> 2 through 1: 1 + 2; end 2
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [1, 2]
    depth layer in 0..2
    let mid = choose { one: 1, three: 3 }
    out h[a] -> conv(mid) -> conv(b)
  }
  out sum c in [1, 2] { h[c] -> conv(1) }
}

arch A of S() {
  pick h[layer = 0] = 2 -> 1
  pick h[layer = 1] = 1 -> 2
  pick h.mid[layer = 0] = three
  pick h.mid[layer = 1] = one
}
