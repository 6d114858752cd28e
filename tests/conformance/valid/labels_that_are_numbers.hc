hypercuboid 1
# Coordinates and labels are numbers by value; a choice over a range goes through its integers.
#   c in 2, 4, 6: 3 * c channels, concatenated widths stay one shape by a last convolution to 4
# expect S: weights 3, groups 1, architectures 3, params 84
# expect Wide: params 42
# decision S: out.i | i: 1; 2; 3
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  out x -> choose i in 1..4 { conv(2 * i) -> conv(4) }
}

arch Wide of S() {
  pick out.i = 3
}
