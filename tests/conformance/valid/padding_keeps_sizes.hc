hypercuboid 1
# Ruling 7: padding is dilation * (k - 1) // 2 on both sides of an odd kernel; an even one states its own.
# expect S: params 0
use std.ops { max_pool, avg_pool, identity }

block Sizes(h: int) on x { require x.h == h out x -> identity }

space S() on x: image(2, 16, 16) {
  let a = x -> max_pool(3) -> Sizes(16) -> max_pool(5, stride = 2) -> Sizes(8)
  let b = x -> avg_pool(2, 2, padding = 0) -> Sizes(8)
  let c = x -> avg_pool(2, 1, padding = 1) -> Sizes(17)
  let d = x -> max_pool(7, 3) -> Sizes(6)
  out a + b
}
