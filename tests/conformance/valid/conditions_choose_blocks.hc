hypercuboid 1
# The conditional binds loosest: `x -> f if c else y` is `(x -> f) if c else y`; in parentheses it gives a block.
#   conv 3 * 4; wide: conv 3 * 8 = 24 and bn 16
# expect S: params 12
# expect S -p wide=true: params 40
use std.ops { conv, bn, identity }

space S(wide: bool = false) on x: image(3, 8, 8) {
  let y = x -> conv(8) if wide else x -> conv(4)
  out y -> (bn if wide else identity)
}
