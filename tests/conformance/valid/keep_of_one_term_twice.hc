hypercuboid 1
# Under `sum top`, `keep` may name one term several times: these alternatives of it are added. The convs of y have
# 12 params each, those of a term 16, the head 18.
# expect S: weights 18, groups 6, architectures 729
# expect Twice: weights 0, groups 0, architectures 1, params 70
# expect All: weights 0, groups 0, architectures 1, params 102
# expect Half: weights 9, groups 3, architectures 27
use std.ops { conv, gap, linear, relu, tanh }
space S() on x: image(3, 8, 8) {
  node y[i in 0..3] = x -> conv(4)
  node n = sum top 2 j in 0..3 { y[j] -> choose op { a: relu, b: tanh, c: conv(4) } }
  node m = sum top 2 j in 0..3 { y[j] -> choose op { a: relu, b: tanh, c: conv(4) } -> tanh }
  out concat(n, m) -> gap -> linear(2)
}
arch Twice of S() {
  keep n.op = [0: b, 0: a, 1: c]
  pick m.op = [2: a, 0: b]
}
arch All of S() {
  keep n.op = [2: c, 0: a, 1: c]
  keep m.op = [0: a, 0: b, 0: c]
}
arch Half of S() partial {
  keep n.op = [1: a, 1: c]
}
