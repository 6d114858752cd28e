hypercuboid 1
# A choice in a family is one decision per member, called by it.
#   3 members of 3 * 3 * (1 + 9) = 90
# expect S: weights 6, groups 3, architectures 8, params 270
# decision S: n[0].k | k: 1; 3
# decision S: n[1].k | k: 1; 3
# decision S: n[2].k | k: 1; 3
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  node n[i in 0..3] = (x if i == 0 else n[i - 1]) -> choose k in [1, 3] { conv(3, k) }
  out n[2]
}
