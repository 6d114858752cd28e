hypercuboid 1
# Every pair of four nodes is wired or not; a convolution follows. 6 pairs: 2 ** 6; conv 4 * 4 at three nodes.
# expect S: weights 12, groups 6, architectures 64, params 48
# decision S: n[1].wire | i: 0 | wire: yes; no
# decision S: n[2].wire | i: 0; 1 | wire: yes; no
# decision S: n[3].wire | i: 0; 1; 2 | wire: yes; no
use std.ops { conv, identity, zero }

space S() on x: image(4, 8, 8) {
  node n[0] = x
  node n[j in 1..4] = sum i in 0..j { n[i] -> choose wire { yes: identity, no: zero } } -> conv(4)
  out n[3]
}
