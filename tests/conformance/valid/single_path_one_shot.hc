hypercuboid 1
# The space of "single path one shot" in small: 4 layers, each a unit with kernel 3, 5 or 7, or a deeper one.
#   Unit(k) on 4 of 8 channels: 4 * 4 + 4 * k * k + 4 * 4 = 32 + 4 * k * k; Deep: 3 times (4 * 9 + 4 * 4) = 156
#   per layer: 68 + 132 + 228 + 156 = 584; stem 3 * 8 = 24
# expect S: weights 16, groups 4, architectures 256, params 2360, params_range 296..936
# expect A: params 608
use std.ops { conv, dwconv, split, channel_shuffle, relu }

block Unit(k: int) on x {
  let s = x -> split(2)
  out concat(s[0], s[1] -> conv(x.c // 2) -> relu -> dwconv(k) -> conv(x.c // 2) -> relu) -> channel_shuffle(2)
}

block Deep() on x {
  let s = x -> split(2)
  out concat(s[0], s[1] -> chain i in 0..3 { dwconv(3) -> conv(x.c // 2) -> relu }) -> channel_shuffle(2)
}

space S() on x: image(3, 8, 8) {
  out x -> conv(8) -> chain layer in 0..4 { choose op in [Unit(3), Unit(5), Unit(7), Deep] { op } }
}

arch A of S() {
  pick out.op = [Unit(k = 3), Unit(k = 5), Unit(k = 7), Deep]
}
