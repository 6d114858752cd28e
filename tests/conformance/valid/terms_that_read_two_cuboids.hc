hypercuboid 1
# Terms of `sum top 2` read states of two cuboids; as many stay as are there.
#   3 terms in 4 pairs of paths: 3 * 4 = 12 ways; 2 in 8: 4; one in 4: 2; 4 * 12 + 8 * 4 + 4 * 2 = 88
# expect S: weights 14, groups 5, architectures 88, params 43, params_range 10..26
use std.ops { conv, relu }

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
  node n[0] = h[2] -> conv(1)
  node n[1] = g[2] -> conv(1)
  node n[2] = x -> conv(1)
  node n[3] = sum top 2 j in 0..3 { n[j] -> choose op in [relu, conv(1)] { op } }
  let ends = sum c in [1, 2] { sum(h[c] -> conv(1), g[c] -> conv(1)) }
  out sum(n[3], ends)
}
