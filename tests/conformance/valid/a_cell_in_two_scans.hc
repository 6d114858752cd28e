hypercuboid 1
# Two layers of recurrence share decisions by a cell and have weights of their own; the second reads the states of the first.
#   k: linear 3 + 4 -> 4: 32 for relu or tanh, then 4 + 4 -> 4: 36
# expect S: weights 2, groups 1, architectures 2, params 68
# expect A: params 68, macs 300
#   5 * (7 * 4 + 8 * 4)
# decision S: Cell.act | act: relu; tanh
use std.ops { linear, tanh, relu, zeros }

block Step() on v, s {
  let act = choose { relu, tanh }
  out (v, s) -> linear(4) -> act
}

space S() on x: sequence(5, 3) {
  cell Cell = Step()
  let a = scan s from x -> zeros(4) over v in x { Cell(v, s) }
  out scan s from a[-1] over v in a { Cell(v, s) }
}

arch A of S() {
  pick Cell.act = tanh
}
