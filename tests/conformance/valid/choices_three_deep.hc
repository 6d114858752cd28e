hypercuboid 1
# 1 + (1 + (1 + 2)) = 5 architectures, 2 + 2 + 2 + 2 weights, 4 groups.
# expect S: weights 8, groups 4, architectures 5
# decision S: out.a | a: stop; go
# decision S: out.go.b | b: stop; go
# decision S: out.go.go.c | c: stop; go
# decision S: out.go.go.go.d | d: one; two
use std.ops { relu, tanh, identity, sigmoid }

space S() on x: vector(4) {
  out x -> choose a {
    stop: identity,
    go: choose b {
      stop: relu,
      go: choose c { stop: tanh, go: choose d { one: sigmoid, two: tanh -> relu } },
    },
  }
}
