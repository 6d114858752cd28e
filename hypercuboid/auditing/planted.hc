hypercuboid 1
# Spaces of `hypercuboid audit`: alternatives that can do equally much, of which one has parameters and one has none.
use std.ops { conv, linear, bn, identity, flatten }

param classes: int = 10 in 2..100001

## An identity with a convolution beside it that counts for nothing: y - y is 0, and so is its gradient.
block Idle(c: int) on x {
  let y = x -> conv(c, 3)
  out x + (y - y)
}

## Both alternatives are the same function, at every step. Only their parameters differ: 0 and 9 c^2.
space IdleParameters(c: int = 4, layers: int = 4) on x: image(1, 14, 14) {
  node h[-1] = x -> conv(c, 3)
  node h[i in 0..layers] = h[i - 1] -> choose op { nothing: identity, idle: Idle(c) }
  out h[layers - 1] -> flatten -> linear(classes)
}

## A convolution without non-linearity.
block Convolution(c: int, norm: bool) on x {
  let y = x -> conv(c, 3)
  out y -> bn(affine = false) if norm else y
}

## Nothing, but for the batch norm that its rival has too.
block Nothing(norm: bool) on x {
  out x -> bn(affine = false) if norm else x
}

## Nothing here but linear maps, and a linear layer on all pixels at the end. What a 3 x 3 convolution of all channels does
## to the image can be undone by the last layer, so whatever is kept, the network can be every affine function of the
## image and no other: the best accuracy of all architectures is the same. Only their parameters differ.
space LinearMaps(c: int = 4, layers: int = 4, norm: bool = false) on x: image(1, 14, 14) {
  node h[-1] = x -> conv(c, 3)
  node h[i in 0..layers] = h[i - 1] -> choose op { nothing: Nothing(norm), convolution: Convolution(c, norm) }
  out h[layers - 1] -> flatten -> linear(classes)
}
