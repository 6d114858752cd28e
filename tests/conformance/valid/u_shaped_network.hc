hypercuboid 1
# Down, up, and skips that are added or left out. Sizes match again after `resize`.
#   down: 3 * 4 * 9 = 108, 4 * 8 * 9 = 288; middle 8 * 8 * 9 = 576; up: 8 * 4 * 9 = 288; last 4 * 2
#   skip: 4 * 4 or zero
# expect S: weights 2, groups 1, architectures 2, params 1284, params_range 1268..1284
# expect Skipped: params 1284
# expect Straight: params 1268
use std.ops { conv, relu, resize, zero }

space S() on x: image(3, 16, 16) {
  let a = x -> conv(4, 3) -> relu
  let b = a -> conv(8, 3, stride = 2) -> relu -> conv(8, 3) -> relu
  let up = b -> resize(2) -> conv(4, 3)
  node skip = a -> choose way { through: conv(4), none: zero }
  out up + skip -> relu -> conv(2)
}

arch Skipped of S() { pick skip.way = through }
arch Straight of S() { pick skip.way = none }
