hypercuboid 1
# A default is evaluated when the block runs: each use of the block chooses for itself.
# expect S: weights 4, groups 2, architectures 4, params 36
# decision S: a.act | act: relu; tanh
# decision S: b.act | act: relu; tanh
use std.ops { conv, relu, tanh }

block Unit(c: int, act: block = choose act { relu, tanh }) on x { out x -> conv(c) -> act }

space S() on x: image(3, 8, 8) {
  let a = x -> Unit(4)
  let b = a -> Unit(6)
  out b
}
