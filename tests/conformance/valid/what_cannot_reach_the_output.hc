hypercuboid 1
# Ruling 15: only h[0] is read. Moves go down or stay: 2 -> 2, 2 -> 1, 1 -> 1, 1 -> 0, 0 -> 0: 5 per layer.
# In two layers state 0 is reached from 0 (0-0-0), 1 (1-0-0, 1-1-0), 2 (2-1-0): 4 paths; 10 weights are declared.
#   built: layer 0: 0-0, 1-0, 1-1, 2-1; layer 1: 0-0, 1-0: six of 1 * 1 * 9
# expect S: weights 10, groups 2, architectures 4, params 54
use std.ops { dwconv }

space S() on x: image(1, 8, 8) {
  node stem[s in 0..3] = x
  cuboid h from stem {
    state (s, t) in 0..3 where s == t or s == t + 1
    depth layer in 0..2
    out h[s] -> dwconv(3)
  }
  out h[0]
}
