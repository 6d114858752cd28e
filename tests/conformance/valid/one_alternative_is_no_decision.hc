hypercuboid 1
# Ruling 10: one alternative left is no decision. c = 4: 3 * 4 * 9 + 4 * 4 = 124; c = 8: 3 * 8 * 9 + 8 * 4 = 248.
# expect S: weights 0, groups 0, architectures 1, params 124
# expect S -p widest=4: weights 0, architectures 1, params 124
# expect S -p widest=8: weights 2, groups 1, architectures 2, params 372
use std.ops { conv }

param widest: int = 4 in 1..65

block Same() on v { out v }

space S() on x: image(3, 8, 8) {
  out x -> choose c in [4, 8] where c <= widest { conv(c, 3) -> conv(4) } -> choose act { only: Same }
}
