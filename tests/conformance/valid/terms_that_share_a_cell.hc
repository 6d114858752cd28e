hypercuboid 1
# Two kept terms of `sum top` share a cell, which stands nowhere else.
#   3 pairs of terms: without the cell 1 way, with it 3 ways by 3 outcomes: 3 * (1 + 9) = 30
# expect S: weights 9, groups 4, architectures 30, params 270, params_range 0..162
use std.ops { conv, relu, identity }

block Inner() on x {
  out x -> choose op { a: relu, b: identity, c: conv(x.c, 3) }
}

space S() on x: image(3, 4, 4) {
  cell C = Inner()
  out sum top 2 j in 0..3 { x -> choose op { plain: conv(3), cell: C } }
}
