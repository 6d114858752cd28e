hypercuboid 1
# A space without choices is a model: conv 3 * 8 * 9 = 216, bn 16, linear 8 * 10 + 10 = 90.
# macs: 216 * 32 * 32 + 80; add_mult adds 2 * 8192 for bn, 8192 for relu, 8192 for gap.
# expect Plain: weights 0, groups 0, architectures 1, params 322, macs 221264, add_mult 254032, decided true
use std.ops { conv, bn, relu, gap, linear }

space Plain() on x: image(3, 32, 32) {
  out x -> conv(8, 3) -> bn -> relu -> gap -> linear(10)
}
