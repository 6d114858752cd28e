hypercuboid 1
# Three ways to halve an image of odd size, which must agree: 9 x 9 to 5 x 5. conv 4 * 4 * 9, depthwise 4 * 9.
# expect S: weights 4, groups 1, architectures 4, params 180
# decision S: y.way | way: max; mean; conv; depthwise
use std.ops { conv, dwconv, max_pool, avg_pool, gap }

space S() on x: image(4, 9, 9) {
  let y = x -> choose way {
    max: max_pool(3, 2), mean: avg_pool(3, 2), conv: conv(4, 3, stride = 2), depthwise: dwconv(3, 2),
  }
  require y.h == 5
  out y -> gap
}
