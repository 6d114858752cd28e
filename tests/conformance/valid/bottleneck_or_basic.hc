hypercuboid 1
# Two residual forms with options of their own: a basic block, or a bottleneck of a quarter or half of the width.
#   8 channels; basic: 2 * 576 = 1152; bottleneck m: 8 * m + m * m * 9 + m * 8: m = 2: 68, m = 4: 208
#   alternatives add: 1 + 2
# expect S: weights 4, groups 2, architectures 3, params 1428, params_range 68..1152
# expect Half: params 208
# decision S: out.form | form: basic; bottleneck
# decision S: out.bottleneck.m | m: quarter; half
use std.ops { conv, relu }

block Basic() on x { out x + (x -> conv(x.c, 3) -> relu -> conv(x.c, 3)) }

block Bottleneck() on x {
  let m = choose { quarter: x.c // 4, half: x.c // 2 }
  out x + (x -> conv(m) -> relu -> conv(m, 3) -> relu -> conv(x.c))
}

space S() on x: image(8, 8, 8) {
  out x -> choose form { basic: Basic, bottleneck: Bottleneck }
}

arch Half of S() {
  pick out.form = bottleneck
  pick out.bottleneck.m = half
}
