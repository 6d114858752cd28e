hypercuboid 1
# error HC1002 at 9:5
# error HC2001 at 15:7
use std.ops { conv, gap }
space S() on x: image(3, 8, 8) {
  node stem[c in [4, 8]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [4, 8] depth layer in 0..2
    node n[i in 0..2] = h[a] -> conv(b)
    out n[0]
  }
  out sum c in [4, 8] { h[c] -> conv(2) } -> gap
}
block Other() on x {
  out cnv(3)
}
