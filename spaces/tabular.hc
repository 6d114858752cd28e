hypercuboid 1
# Tables: a multilayer perceptron, the number, width, activation, normalisation and skips of its layers left to the search.
use std.ops { bn, dropout, identity, layer_norm, linear, relu, silu, tanh }

param classes: int = 2 in 2..100001

block Layer(d: int, p: float) on x {
  let width = choose { half: d // 2, same: d, double: 2 * d }
  let y = x -> choose norm { batch: bn, layer: layer_norm, none: identity }
    -> linear(width) -> choose act { relu: relu, silu: silu, tanh: tanh } -> dropout(p) -> linear(d)
  out choose skip { add: x + y, none: y }
}

## Small: -p d=8 -p most=2 --input 5
space TabularNet(d: int = 128, most: int = 4, p: float = 0.1) on x: vector(16) {
  node trunk = x -> linear(d) -> choose layers in 1..most + 1 { chain i in 0..layers { Layer(d, p) } }
  out trunk -> relu -> linear(classes)
}
