hypercuboid 1
# A cuboid in a family whose index has the name of its depth: the axes are told apart, and each step competes alone.
#   2 members, 2 layers, 2 x 2 states: 8 weights per member, 2 groups; 8 paths each
# expect S: weights 16, groups 4, architectures 64
# decision S: n[0].h | layer: 0; 1 | a: 1; 2 | b: 1; 2
# decision S: n[1].h | layer: 0; 1 | a: 1; 2 | b: 1; 2
# expect T: weights 16, groups 4, architectures 64
# decision T: out.h | layer: 0; 1 | layer@2: 0; 1 | a: 1; 2 | b: 1; 2
use std.ops { conv }

block Path() on x {
  node stem[c in [1, 2]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [1, 2]
    depth layer in 0..2
    out h[a] -> conv(b)
  }
  out sum c in [1, 2] { h[c] -> conv(3) }
}

space S() on x: image(3, 4, 4) {
  node n[layer in 0..2] = x -> Path
  out n[0] + n[1]
}

space T() on x: image(3, 4, 4) {
  out sum layer in 0..2 { x -> Path }
}
