hypercuboid 1
use std.ops { conv, bn, relu, gap, linear, max_pool }
use std.blocks { SepConv }

param classes: int = 10 in 2..5 # HC5002
let widths = [8, 16] + 3 # HC3008
let half = 1 / 0 # HC3009

block Stem(c: int) on x {
  let y = x -> conv(c, size = 3) # HC3013
  out y -> bn -> relu
}

block Stage(c: int, stride: int = 1) on x {
  let a = x -> conv(c, 3, stride = stride)
  let b = x -> conv(c, "three") # HC3012
  let d = a -> max_pool(3) -> cnv(c) # HC2001
  node n[i in 0..2] = a -> conv(c * i) # HC3201
  out sum p in [a, b, d] { p }
}

block Head(classes: int) on x {
  let y = x.d # HC3005
  out x -> gap -> linear(classes)
}

block Twice(c: int) on x {
  out x -> conv(8, 3) + conv(c, 3) # HC1010
}

space Small() on x: image(3, 8, 8) {
  let stem = x -> conv(8) -> Stem(8)
  let one = x -> Stage(8) -> Stage(8)
  out x -> Head(10)
}
