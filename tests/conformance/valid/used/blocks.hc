hypercuboid 1
# Used by programs of this folder.
use std.ops { conv, bn, relu }
use "./deeper/act.hc" { Act }

let base = 4

## A convolution, norm and activation.
block Unit(c: int = base, k: int = 3) on x {
  out x -> conv(c, k) -> bn -> Act
}

block Plain(c: int) on x { out x -> conv(c) }

let both = [Unit, Plain]

cell Shared = Pick()
block Pick() on x {
  let k = choose { k1: 1, k3: 3 }
  out x -> conv(x.c, k)
}
