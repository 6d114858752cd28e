hypercuboid 1
use std.ops { conv, relu }

space S() on x: image(3, 8, 8) {
  out x -> choose op in [conv(3), conv(3, 3)] + ([relu] if searching else []) { op }
}
