hypercuboid 1
# An architecture may be of a space that its file uses. conv 3 * c * k * k, linear c * 10 + 10.
# expect A: params 62
# expect B: params 158
use "./used/space.hc" { Tiny }

arch A of Tiny(c = 4) {
  pick out.k = 1
}

arch B of Tiny(c = 4) {
  pick out.k = 3
}

## Nothing decided: the space under another name.
arch Whole of Tiny(c = 8) partial {}
# expect Whole: weights 2, groups 1, architectures 2, params 330
