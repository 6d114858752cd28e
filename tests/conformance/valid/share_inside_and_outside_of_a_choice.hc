hypercuboid 1
# Weights and decisions of a share are those of one instance wherever it is used: parameters count once, work at each use.
#   k1: 4 * 4 = 16, k3: 16 * 9 = 144; work 64 times that, two more times under `again`
# expect S: weights 4, groups 2, architectures 4, params 160, params_range 16..144, macs_range 1024..27648
# expect A: params 144, macs 27648
# decision S: W.out.k | k: 1; 3
# decision S: out.op | op: again; none
use std.ops { conv, identity, gap }

block Flex(c: int) on x { out x -> choose k in [1, 3] { conv(c, k) } }

space S() on x: image(4, 8, 8) {
  share W = Flex(4)
  out x -> W -> choose op { again: W -> W, none: identity } -> gap
}

arch A of S() {
  pick W.out.k = 3
  pick out.op = again
}
