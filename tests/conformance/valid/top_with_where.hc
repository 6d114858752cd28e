hypercuboid 1
# `where` leaves terms out before the strongest are kept: j in 1, 3: two terms, one kept: 2 * 2.
# expect S: weights 4, groups 2, architectures 4
# expect A: params 16
# decision S: n | j: 1; 3 | op: relu; conv
use std.ops { conv, relu }

space S() on x: image(4, 8, 8) {
  node n = sum top 1 j in 0..4 where j % 2 == 1 { choose op in [relu, conv(4)] { x -> op } }
  out n
}

arch A of S() {
  pick n = [3: conv]
}
