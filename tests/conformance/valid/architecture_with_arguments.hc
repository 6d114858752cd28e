hypercuboid 1
# Ruling 19: what an architecture fixes is fixed; the rest follows parameters and the command line.
#   conv 3 * c * k * k, linear c * classes + classes
# expect S: params 170
# expect A: params 306
# expect A -p classes=2: params 234
use std.ops { conv, gap, linear }

param classes: int = 10

space S(c: int = 4) on x: image(3, 8, 8) {
  out x -> choose k in [1, 3] { conv(c, k) } -> gap -> linear(classes)
}

arch A of S(c = 8) {
  pick out.k = 3
}
