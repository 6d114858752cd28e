hypercuboid 1
# Ruling 6: x.c is the channel or feature axis, x.h and x.w are those of an image, x.t of a sequence.
#   conv 3 * 6 * 9 = 162, linear 6 * 4 + 4 = 28
# expect S: params 190
use std.ops { conv, gap, flatten, linear }

space S() on x: image(3, 10, 20) {
  require x.c == 3 and x.h == 10 and x.w == 20
  let y = x -> conv(6, 3, stride = (2, 5))
  require y.c == 6 and y.h == 5 and y.w == 4
  let v = y -> flatten
  require v.c == 6 * 5 * 4
  require (y -> gap).c == 6
  out y -> gap -> linear(4)
}
