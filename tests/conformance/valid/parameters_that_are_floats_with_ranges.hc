hypercuboid 1
# Of a float a range is all from its start to below its end.
# expect S: params 12
# expect S -p rate=0: params 12
# expect S -p rate=0.999: params 12
use std.ops { conv, dropout }

param rate: float = 0.2 in 0..1

space S() on x: image(3, 8, 8) {
  out x -> conv(4) -> dropout(rate)
}
