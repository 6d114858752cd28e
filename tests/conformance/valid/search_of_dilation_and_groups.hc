hypercuboid 1
# A value choice of two axes, with everything else fixed: conv 8 * 8 * 9 / groups, twice each.
#   groups 1: 576, 2: 288, 4: 144; dilations 1 and 2
# expect S: weights 6, groups 1, architectures 6, params 2016, params_range 144..576
# expect A: params 288
# decision S: out.dilation, groups | dilation: near; far | groups: 1; 2; 4
use std.ops { conv }

block Conv() on x {
  let dilation = choose { near: 1, far: 2 }
  let groups = choose g in [1, 2, 4] { g }
  out x -> conv(x.c, 3, dilation = dilation, groups = groups)
}

space S() on x: image(8, 8, 8) { out x -> Conv }

arch A of S() {
  pick out.dilation = far
  pick out.groups = 2
}
