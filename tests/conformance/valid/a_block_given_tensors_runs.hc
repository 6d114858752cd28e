hypercuboid 1
# Ruling 3: tensors among the arguments fill the `on` inputs and the block runs at once; without any it waits.
#   Add runs on two tensors; conv(x, 4) is a tensor: 3 * 4 = 12, twice; Gate has 4 * 4 = 16
# expect S: params 40
use std.ops { conv, sigmoid }

block Add() on a, b { out a + b }
block Gate(c: int = a.c) on a, b { out a * sigmoid(conv(b, c)) }

space S() on x: image(3, 8, 8) {
  let y = conv(x, 4)
  let z = x -> conv(4)
  out Gate(Add(y, z), z)
}
