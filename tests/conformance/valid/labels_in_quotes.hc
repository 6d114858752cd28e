hypercuboid 1
# Labels that are no names, and words of the language, stand in quotes.
# expect S: weights 4, groups 2, architectures 3
# expect A: params 0
# decision S: out.act | act: a b; out
# decision S: out.act["out"].way | way: 1x1; 3x3
use std.ops { relu, tanh, sigmoid, conv }

space S() on x: image(3, 8, 8) {
  out x -> choose act in ["a b", "out"] {
    relu if act == "a b" else choose way in ["1x1", "3x3"] { conv(3, 1 if way == "1x1" else 3) }
  }
}

arch A of S() {
  pick out.act = "a b"
}
