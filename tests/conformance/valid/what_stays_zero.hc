hypercuboid 1
# Ruling 12: zero stays zero through identity, drop_path, relu, pools, resize and bias-free depthwise convolution,
# not through a convolution or a norm. One term of two, with the 2 alternatives of each that are not zero: 4.
#   params: dwconv 4 * 9, conv 16, bn (of a model and of a supernet) 8, twice
# expect S: weights 12, groups 2, architectures 4, params 120
use std.ops { zero, identity, drop_path, relu, max_pool, avg_pool, resize, dwconv, conv, bn }

space S() on x: image(4, 8, 8) {
  node n = sum top 1 j in 0..2 {
    choose op in Ways { x -> op }
  }
  out n
}

block A() on x { out x -> zero -> identity -> drop_path -> relu }
block B() on x { out x -> zero -> max_pool -> avg_pool }
block C() on x { out x -> zero -> resize(2) -> avg_pool(3, 2) }
block D() on x { out x -> relu -> zero -> dwconv }
block E() on x { out x -> zero -> conv(4) }
block F() on x { out x -> zero -> bn }
let Ways = [A, B, C, D, E, F]
