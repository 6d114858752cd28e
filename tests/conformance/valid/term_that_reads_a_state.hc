hypercuboid 1
# A term of `sum top` reads a state: where the path ends elsewhere, it is none.
#   2 paths leave 2 terms of 2 alternatives, of which one is kept, and 2 leave one term: 2 * 4 + 2 * 2 = 12
# expect S: weights 8, groups 3, architectures 12, params 28, params_range 8..16
# expect A: params 9
use std.ops { conv, relu }

space S() on x: image(3, 4, 4) {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out h[a] -> conv(b)
  }
  node n[0] = h[2] -> conv(1)
  node n[1] = x -> conv(1)
  node n[2] = sum top 1 j in 0..2 { n[j] -> choose op in [relu, conv(1)] { op } }
  out sum(n[2], sum c in [1, 2] { h[c] -> conv(1) })
}

arch A of S() {
  pick h = 1 -> 2
  pick n[2].op = [0: relu]
}
