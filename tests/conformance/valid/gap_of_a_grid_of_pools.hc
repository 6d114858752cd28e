hypercuboid 1
# add_mult counts the input of each pool, gap included; padding does not change it: 3 pools of 2 * 64 and gap of 2 * 64.
# expect S: params 0, macs 0, add_mult 512
use std.ops { max_pool, avg_pool, gap }

space S() on x: image(2, 8, 8) {
  let y = (x -> max_pool(3)) + (x -> avg_pool(3)) + (x -> avg_pool(3, count_padding = true))
  out y -> gap
}
