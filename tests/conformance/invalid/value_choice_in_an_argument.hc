hypercuboid 1
# Ruling 9: a value choice is the whole right side of a `let`.
# error HC3104 at 6:17
use std.ops { conv }
space S() on x: image(3, 8, 8) {
  out x -> conv(choose c { small: 4, large: 8 })
}
