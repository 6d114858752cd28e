hypercuboid 1
# `-p` sets a param of the file or an argument of the space; the argument wins over its default.
#   conv 3 * width * 9, linear width * classes + classes
# expect S: params 306
# expect S -p width=4 -p classes=3: params 123
# expect S -p classes=2: params 234
# expect S -p widths=[2,4] -p width=2: params 84
#   27 * 2 = 54 and 2 * 10 + 10
use std.ops { conv, gap, linear }

param classes: int = 10 in 2..1001
param widths: list(int) = [8, 16]

space S(width: int = widths[0]) on x: image(3, 8, 8) {
  out x -> conv(width, 3) -> gap -> linear(classes)
}
