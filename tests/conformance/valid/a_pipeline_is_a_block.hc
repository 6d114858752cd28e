hypercuboid 1
# A pipeline without a tensor at its head waits for one; it may be named, put in lists and handed to blocks.
#   stem 3 * 4 * 9 + bn 8; twice conv 4 * 4 + bn 8
# expect S: params 164
use std.ops { conv, bn, relu }

block Twice(f: block) on x { out x -> f -> f }

space S() on x: image(3, 8, 8) {
  let stem = conv(4, 3) -> bn -> relu
  let parts = [stem, conv(4) -> bn]
  out x -> parts[0] -> Twice(parts[1])
}
