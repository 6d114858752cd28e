hypercuboid 1
# `zero` keeps the channels and has the size of a layer with its stride: ceil(7 / 2) = 4.
# expect S: params 0
use std.ops { zero, avg_pool }

space S() on x: image(3, 7, 7) {
  let y = x -> zero(2)
  require y.h == 4 and y.c == 3 and (x -> zero).h == 7
  out y + (x -> avg_pool(3, 2))
}
