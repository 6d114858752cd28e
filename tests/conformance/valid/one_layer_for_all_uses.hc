hypercuboid 1
# `share` is one instance: all uses share their weights. A plain use has weights of its own, a cell too.
#   linear 4 * 4 + 4 = 20
# expect Shared: params 20, macs 32
# expect Plain: params 40, macs 32
use std.ops { linear, relu }

space Shared() on x: vector(4) {
  share w = linear(4)
  out x -> w -> relu -> w
}

space Plain() on x: vector(4) {
  let w = linear(4)
  out x -> w -> relu -> w
}
