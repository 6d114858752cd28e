hypercuboid 1
# Ruling 5: a space may be used as a block; its decisions then stand in the one around it.
#   Inner: 3 * 4 + 3 * 4 * 9 = 120; Outer adds linear 4 * 2 + 2
# expect Inner: weights 2, groups 1, architectures 2, params 120
# expect Outer: weights 4, groups 2, architectures 4, params 130
# decision Outer: y.out.k | k: 1; 3
# decision Outer: out.act | act: relu; tanh
use std.ops { conv, gap, linear, relu, tanh }

space Inner() on x: image(3, 8, 8) { out x -> choose k in [1, 3] { conv(4, k) } }

space Outer() on x: image(3, 8, 8) {
  let y = x -> Inner
  out y -> choose act { relu, tanh } -> gap -> linear(2)
}
