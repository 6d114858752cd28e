hypercuboid 1
# A language model without choices: embed 50 * 8, position 12 * 8, linear 8 * 50 + 50; 12 * 8 * 50 macs.
# expect S: params 946, macs 4800, add_mult 4800
use std.ops { embed, position, linear }

space S() on x: tokens(12, 50) {
  require x.t == 12
  let y = x -> embed(50, 8) -> position(12)
  require y.t == 12 and y.c == 8
  out y -> linear(50)
}
