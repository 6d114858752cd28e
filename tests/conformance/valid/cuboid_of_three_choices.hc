hypercuboid 1
# Ruling 18: several choices multiply and are picked as a tuple in declared order.
#   4 pairs * 2 * 2 * 2 = 32 weights in 1 group; 2 * 2 * 8 = 32 paths
#   stems 3 * 2 + 3 * 4; conv a * b * k * k / groups; A: 3 * 2 + 2 * 4 * 9 / 2 + relu, then 4
# expect S: tuple ((2 x 2) x 1 x 2 x 2 x 2), weights 32, groups 1, architectures 32
# expect A: params 46
# decision S: h | layer: 0 | a: 2; 4 | b: 2; 4 | k: 1; 3 | groups: 1; 2 | act: relu; tanh
use std.ops { conv, relu, tanh }

space S() on x: image(3, 8, 8) {
  node stem[c in [2, 4]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [2, 4]
    depth layer in 0..1
    choice k in [1, 3]
    choice groups in [1, 2]
    choice act in [relu, tanh]
    out h[a] -> conv(b, k, groups = groups) -> act
  }
  out sum c in [2, 4] { h[c] -> conv(1) }
}

arch A of S() {
  pick h[layer = 0] = 2 -> 4: (3, 2, relu)
}
