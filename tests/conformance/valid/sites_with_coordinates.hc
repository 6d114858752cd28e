hypercuboid 1
# A site names a member and a coordinate, with or without the name of the axis; what is left out decides all.
#   each: conv 4 * 4 (k = 1) or 144 (k = 3); 2 members of 2 terms
# expect S: weights 8, groups 4, architectures 16
# expect A: params 64
# expect B: params 320
# expect C: params 448
# decision S: n[0].k | i: 0; 1 | k: 1; 3
# decision S: n[1].k | i: 0; 1 | k: 1; 3
use std.ops { conv }

space S() on x: image(4, 8, 8) {
  node n[j in 0..2] = sum i in 0..2 { x -> choose k in [1, 3] { conv(4, k) } }
  out n[0] + n[1]
}

arch A of S() {
  pick n[0].k = 1
  pick n[1].k = 1
}

arch B of S() {
  pick n[0].k[i = 0] = 1
  pick n[0].k[i = 1] = 3
  pick n[1].k[0] = 3
  pick n[1].k[1] = 1
}

arch C of S() {
  pick n[0].k = [3, 3]
  pick n[1].k = [1, 3]
}
