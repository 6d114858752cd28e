hypercuboid 1
# Tuples have positions; a list of tuples describes the stages of a network.
#   conv 3 * 8 * 9 = 216; stages: 8 * 8 * 9 = 576, 8 * 16 * 9 = 1152, 16 * 16 * 9 = 2304; linear 16 * 2 + 2 = 34
# expect S: architectures 1, params 4282
use std.ops { conv, gap, linear }

let stages = [(8, 1, 1), (16, 2, 2)]

space S() on x: image(3, 16, 16) {
  require stages[1] == (16, 2, 2) and stages[1][2] == 2 and len(stages[0]) == 3
  let y = x -> conv(8, 3) -> chain (c, repeat, stride) in stages, i in 0..repeat { conv(c, 3, stride if i == 0 else 1) }
  require y.h == 8 and y.c == 16
  out y -> gap -> linear(2)
}
