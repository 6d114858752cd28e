hypercuboid 1
# ENAS in small: a node chooses one earlier node and an operation: 1 * 2, 2 * 2, 3 * 2: 48; 2 + 4 + 6 weights.
#   conv 4 * 4 * 9 = 144 for every (input, operation) pair: 6 of them
# expect S: weights 12, groups 3, architectures 48, params 864
# expect A: params 288
# decision S: n[1].j, op | j: 0 | op: conv; relu
# decision S: n[2].j, op | j: 0; 1 | op: conv; relu
# decision S: n[3].j, op | j: 0; 1; 2 | op: conv; relu
use std.ops { conv, relu }

space S() on x: image(4, 8, 8) {
  node n[0] = x
  node n[i in 1..4] = choose j in 0..i, op in [conv(4, 3), relu] { n[j] -> op }
  out mean(n[1..])
}

arch A of S() {
  pick n[1].j = 0
  pick n[1].op = conv
  pick n[2].j = 1
  pick n[2].op = conv
  pick n[3] .j = 0
  pick n[3].op = relu
}
