hypercuboid 1
# A later binder may depend on an earlier one: pairs (j, i) with j <= i below 3, six of them.
# expect S: weights 6, groups 1, architectures 6
# decision S: out.i, j | i: 0; 1; 2 | j: 0; 1; 2
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  out x -> choose i in 0..3, j in 0..i + 1 { conv(1 + i) -> conv(1 + j) -> conv(2) }
}
