hypercuboid 1
# Regression: numbers from a vector, the width, activation and depth of the layers left to the search.
use std.ops { linear, relu, silu, tanh }

## How many numbers there are to come near to; `search --data` knows.
param classes: int = 1 in 1..1001

block Layer(d: int) on x {
  let y = x -> linear(d) -> choose act { relu: relu, silu: silu, tanh: tanh }
  out choose skip { add: x + y, none: y }
}

## Small: -p d=8 -p most=2 --input 5
space Regression(d: int = 64, most: int = 3) on x: vector(8) {
  node trunk = x -> linear(d) -> choose layers in 1..most + 1 { chain i in 0..layers { Layer(d) } }
  out trunk -> linear(classes)
}
