hypercuboid 1
# Sizes are known without building: 10 x 10 states, 2 ops, 5,000 layers.
#   10 * 20 ** 5000 paths, above 10 ** 4000: only their logarithm is known
# expect S: tuple ((10 x 10) x 5000 x 2), weights 1000000, groups 5000, architectures None
use std.ops { conv, bn, gap }

space S() on x: image(3, 8, 8) {
  node stem[c in 1..11] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in 1..11
    depth layer in 0..5000
    choice k in [1, 3]
    out h[a] -> conv(b, k)
  }
  out sum c in 1..11 { h[c] -> conv(1) }
}
