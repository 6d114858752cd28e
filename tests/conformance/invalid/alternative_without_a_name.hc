hypercuboid 1
# A tensor has no name of its own: its alternative needs a label.
# error HC2010 at 6:37
use std.ops { conv, relu }
space S() on x: image(3, 8, 8) {
  let y = choose { a: x -> conv(3), x -> relu }
  out y
}
