hypercuboid 1
# Members and coordinates by strings: names stand for themselves in picks.
#   3 * 2 * (1 + 9) per branch, two branches
# expect S: weights 4, groups 2, architectures 4, params 120
# expect A: params 60
# decision S: n[left].k | k: 1; 3
# decision S: n[right].k | k: 1; 3
use std.ops { conv }

space S() on x: image(3, 8, 8) {
  node n[side in ["left", "right"]] = x -> choose k in [1, 3] { conv(2, k) }
  out n["left"] + n["right"]
}

arch A of S() {
  pick n[left].k = 1
  pick n["right"].k = 3
}
