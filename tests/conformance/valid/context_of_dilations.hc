hypercuboid 1
# Branches of growing dilation, each kept or not: 2 ** 3 architectures; dwconv 4 * 9 each.
# expect S: weights 6, groups 3, architectures 8, params 108, params_range 0..108
# expect Middle: params 36
# decision S: out.way | d: 1; 2; 4 | way: look; none
use std.ops { dwconv, zero }

space S() on x: image(4, 16, 16) {
  out sum d in [1, 2, 4] { x -> choose way { look: dwconv(3, dilation = d), none: zero } }
}

arch Middle of S() {
  pick out.way[d = 1] = none
  pick out.way[d = 2] = look
  pick out.way[d = 4] = none
}
