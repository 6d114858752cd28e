hypercuboid 1
# The recurrent cell of DARTS in small: a node has one matrix, whatever its predecessor.
#   linear(8) on 4 + 4 features 64; three matrices of 4 * 8 = 32
#   (1 * 2) * (2 * 2) * (3 * 2) = 48
# expect Cell(d = 4): weights 12, groups 6, architectures 48, params 160
# expect A: params 160
use std.ops { linear, split, tanh, sigmoid, relu }

block Gated(project: block) on p {
  let g = p -> project -> split(2)
  out p + sigmoid(g[0]) * (choose f in [tanh, relu] { f(g[1]) } - p)
}

block Cell(d: int) on x: vector(d), h: vector(d) {
  let g = (x, h) -> linear(2 * d, bias = false) -> split(2)
  share project[i in 1..4] = linear(2 * d, bias = false)
  node s[0] = h + sigmoid(g[0]) * (tanh(g[1]) - h)
  node s[i in 1..4] = sum top 1 j in 0..i { s[j] -> Gated(project[i]) }
  out mean(s[1..])
}

arch A of Cell(d = 4) {
  pick s[1].out.f = [0: tanh]
  pick s[2].out.f = [1: relu]
  pick s[3].out.f = [0: tanh]
}
