hypercuboid 1
# An image twice as large, from a chosen depth, added to the plain enlargement.
#   conv 1 * 4 * 9 = 36; 1 to 3 layers of 144 (all six built: 864); conv 4 * 1 * 9 = 36
# expect S: weights 3, groups 1, architectures 3, params 936, params_range 216..504
# expect A: params 360
use std.ops { conv, relu, resize }

space S() on x: image(1, 8, 8) {
  let y = x -> conv(4, 3) -> choose n in 1..4 { chain i in 0..n { conv(4, 3) -> relu } }
  out (y -> resize(2) -> conv(1, 3)) + (x -> resize(2))
}

arch A of S() {
  pick y.n = 2
}
