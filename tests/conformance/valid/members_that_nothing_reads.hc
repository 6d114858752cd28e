hypercuboid 1
# NASNet's cell in small: what no other node reads is concatenated.
#   node 2: 2 branches of (2 inputs x 2 ops), node 3 of (3 x 2): 8 + 12 weights in 4 groups; 4 ** 2 * 6 ** 2 = 576
#   convolutions of 16: 4 + 6; a supernet is the widest: linear 8 * 2
#   One: 2 is read by 3: 16 + 16 and linear 4 * 2; Both: 16 and linear 8 * 2
# expect S: weights 20, groups 4, architectures 576, params 176, additive false
# expect One: params 40
# expect Both: params 32
# decision S: C.n[2] | branch: 0; 1 | j: 0; 1 | op: conv; relu
# decision S: C.n[3] | branch: 0; 1 | j: 0; 1; 2 | op: conv; relu
use std.ops { conv, relu, gap, linear }

block Cell() on s0, s1 {
  node n[0] = s0
  node n[1] = s1
  node n[i in 2..4] = sum branch in 0..2 { choose j in 0..i, op in [conv(4), relu] { n[j] -> op } }
  out concat(unused(n))
}

space S() on x: image(4, 8, 8) {
  cell C = Cell()
  out (x, x) -> C -> gap -> linear(2, bias = false)
}

arch One of S() {
  pick C.n[2] = [0: conv, 1: relu]
  pick C.n[3] = [2: relu, 0: conv]
}

arch Both of S() {
  pick C.n[2] = [0: conv, 1: relu]
  pick C.n[3] = [0: relu, 1: relu]
}
