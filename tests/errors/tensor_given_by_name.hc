hypercuboid 1
use std.ops { conv }

block Add(c: int) on a, b {
  out (a -> conv(c)) + (b -> conv(c))
}

space S() on x: image(3, 8, 8) {
  out Add(b = x, a = x, c = 4)
}
