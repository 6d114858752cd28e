hypercuboid 1
use std.ops { conv, gap, linear, relu, tanh, identity, zero }

block Cell(c: int) on x {
  require c % 8 == 0 else "a multiple of 8, please" # HC5001
  out x -> conv(c)
}

block Other(c: int, k: int = 3) on x {
  require k % 2 == 1 else "an odd kernel, please" # HC5001
  out x -> conv(c, k)
}

space S() on x: image(3, 8, 8) {
  let stem = x -> conv(8)
  node s[c in [8, 16]] = stem -> conv(c)
  let own = stem -> Cell(12)
  let other = stem -> Other(8, k = 4)
  let empty = stem -> choose op in [conv(8), conv(8, 3)] where false { op } # HC5003
  let odd = stem -> choose { a: conv(8), b: 3 } # HC3105
  let shapes = stem -> choose { a: stem -> conv(8), b: stem -> conv(16) } # HC3103
  let best = sum top 1 i in 0..2 { stem -> relu } # HC3108
  cuboid h from s {
    state (a, b) in [8, 16]
    depth layer in 0..2
    choice op in [conv]
    compete per (layer, width) # HC2014
    out h[a] -> op(b)
  }
  cuboid g from s { # HC3019
    state (a, b) in [8, 16, 32]
    depth layer in 0..2
    out g[a] -> conv(b)
  }
  out stem -> gap -> linear(10)
}
