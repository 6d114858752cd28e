hypercuboid 1
# An op reads states of two cuboids: it is there where both paths end in them.
#   4 * 4 pairs of paths, of which 2 * 2 end where the choice is: 12 + 4 * 2 = 20
# expect S: weights 10, groups 3, architectures 20, params 53, params_range 7..37
# expect A: params 37
use std.ops { conv }

space S() on x: image(3, 4, 4) {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out h[a] -> conv(b)
  }
  cuboid g from stem {
    state (a, b) in [1, 2]
    depth layer in 0..1
    out g[a] -> conv(b)
  }
  let ends = sum c in [1, 2] { sum(h[c] -> conv(1), g[c] -> conv(1)) }
  out sum((h[2] + g[2]) -> choose k { one: conv(1), three: conv(1, 3) }, ends)
}

arch A of S() {
  pick h = 1 -> 2
  pick g = 2 -> 2
  pick out.k = three
}
