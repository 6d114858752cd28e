hypercuboid 1
use std.ops { conv, gap, linear }

param classes: int = 10 in 2..1001

space Tiny(c: int = 4) on x: image(3, 8, 8) {
  out x -> choose k in [1, 3] { conv(c, k) } -> gap -> linear(classes)
}
