hypercuboid 1
# error HC3005 at 6:19
use std.ops { gap, linear }
space S() on x: image(3, 8, 8) {
  let v = x -> gap
  out v -> linear(v.h)
}
