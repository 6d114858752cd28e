hypercuboid 1
# One activation for the whole network, chosen once; and one per layer beside it.
#   3 * 4 + 4 * 4 + 4 * 4 = 44
# expect One: weights 4, groups 1, architectures 4, params 44
# expect Each: weights 8, groups 2, architectures 16, params 44
use std.ops { conv, relu, silu, gelu, hswish }

let activations = [relu, silu, gelu, hswish]

block Layer(act: block) on x { out x -> conv(4) -> act }

space One() on x: image(3, 8, 8) {
  let act = choose act in activations { act }
  out x -> Layer(act) -> Layer(act) -> conv(4)
}

space Each() on x: image(3, 8, 8) {
  out x -> chain i in 0..2 { Layer(choose act in activations { act }) } -> conv(4)
}
