hypercuboid 1
use std.ops { conv, gap, linear, bnn } # HC2002
use std.blcks { SepConv } # HC6007
use "./nowhere.hc" { Cell } # HC6001

block A(c: itn) on x { # HC2003
  out x -> conv(c) -> bnn -> SepConv(c)
}

block B(c: int) on x {
  let y = x -> conv(d) # HC2001
  let z = y -> SepConv(c) -> Cell(c)
  out z -> conv(c, bias = 1) # HC3012
}

space S() on x: imge(3, 8, 8) { # HC2003
  out x -> B(8) -> A(8) -> gap -> linear(10)
}

arch T of Spaec() { } # HC2001
