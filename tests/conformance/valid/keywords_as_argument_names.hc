hypercuboid 1
# Ruling 2: a keyword is a name before `=` in arguments and before `:` in labels, and after a dot.
# expect S: weights 3, groups 1, architectures 3, params 14
# expect Kept: architectures 1, params 14
# decision S: out.op | op: top; out; depth
use std.ops { linear, relu, tanh, identity }

space S() on x: vector(6) {
  out x -> choose op { top: relu, out: tanh, depth: identity } -> linear(2)
}

arch Kept of S() {
  pick out.op = depth
}
