hypercuboid 1
use std.ops { conv, gap, linear, relu, tanh }

space S() on x: image(3, 8, 8) {
  out x -> conv(8) -> choose act { relu, tanh } -> gap -> linear(10)
}

search Quick of S {
  epoch = 3
  batch = 64.5
  lr = 0
  power = "two"
  alpha_betas = (0.5, 0.9, 0.99)
  momentum = 1 / 0
  weighting = "max_w"
  clip = 5
}
