hypercuboid 1
# embed 11 * 6; one node of the recurrent cell of DARTS: linear on 6 + 6 without bias 72, linear 6 * 6 without bias 36; head
# 6 * 11 + 11.
# expect S: weights 3, groups 1, architectures 3, params 251
# decision S: Cell.f | f: tanh; relu; sigmoid
use std.ops { embed, linear, zeros, tanh, relu, sigmoid }

block Cell_(d: int) on x, h {
  let s = h + ((x, h) -> linear(d, bias = false) -> sigmoid)
  let f = choose { tanh, relu, sigmoid }
  out s -> linear(d, bias = false) -> f
}

space S() on x: tokens(4, 11) {
  cell Cell = Cell_(6)
  let words = x -> embed(11, 6)
  out scan h from words -> zeros(6) over word in words { (word, h) -> Cell } -> linear(11)
}
