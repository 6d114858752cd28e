hypercuboid 1
use std.ops { conv, bn, relu, gap, linear }

let a = (1, 2 # HC1005
let d = 4
let b = 3 && 4 # HC1006

block A(c: int) on x {
  let y = x -> conv(c,, 3) # HC1002
  out y
}

block B(c: int) on x {
  let y = x -> conv(c) -> bnn # HC2001
  out y -> bn(1) # HC3012
}

block C(c: int) on x {
  out x -> A(c) -> B(c) -> conv(c, k = [3]) # HC3012
}

space S() on x: image(3, 8, 8) {
  out x -> C(8) -> gap -> linear(10, 10) # HC3012
}
