hypercuboid 1
# Ruling 5: uses of a cell share their choices, not their weights; arguments may differ, and may be bound later.
#   uses: 3 -> 4 (12 + 108), 4 -> 8 (32 + 288), 8 -> 8 (64 + 576) = 1080
# expect S: weights 2, groups 1, architectures 2, params 1080, params_range 108..972
# expect A: params 972
# decision S: C.out.k | k: 1; 3
use std.ops { conv }

block Unit(c: int, stride: int = 1) on x {
  out x -> choose k in [1, 3] { conv(c, k, stride) }
}

space S() on x: image(3, 8, 8) {
  cell C = Unit()
  out x -> C(4) -> C(8, stride = 2) -> C(8)
}

arch A of S() {
  pick C.out.k = 3
}
