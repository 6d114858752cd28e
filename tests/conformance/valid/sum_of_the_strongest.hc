hypercuboid 1
# The recurrent cell of DARTS keeps one predecessor per node: (1 * 2) * (2 * 2) * (3 * 2) = 48; 2 + 4 + 6 weights.
# expect S: weights 12, groups 6, architectures 48
# expect A: architectures 1
# decision S: s[1] | j: 0 | f: tanh; relu
# decision S: s[2] | j: 0; 1 | f: tanh; relu
# decision S: s[3] | j: 0; 1; 2 | f: tanh; relu
use std.ops { tanh, relu }

space S() on x: vector(8) {
  node s[0] = x
  node s[i in 1..4] = sum top 1 j in 0..i { choose f in [tanh, relu] { f(s[j]) } }
  out mean(s[1..])
}

arch A of S() {
  pick s[1] = [0: tanh]
  pick s[2] = [1: relu]
  pick s[3] = [2: tanh]
}
