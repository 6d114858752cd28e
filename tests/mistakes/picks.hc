hypercuboid 1
use std.ops { conv, gap, linear, relu, tanh, max_pool }

space S() on x: image(3, 8, 8) {
  let a = x -> conv(8) -> choose act { relu: relu, tanh: tanh }
  node n[i in 0..3] = a -> choose op in [conv(8), conv(8, 3), max_pool] { op }
  out concat(n) -> gap -> linear(10)
}

arch First of S() {
  pick a.act = rleu # HC5007
  pick n[0].op = max_pool
  pick n[1].op = conv7 # HC5007
  pick m[2] = max_pool # HC5005
  pick n[7].op = max_pool # HC5005
}

arch Second of S() {
  pick a.act = relu
  pick a.act = tanh # HC5006
  pick n[0].op = [max_pool, "conv(k = 1)"] # HC5011
}

arch Third of S(c = 3) { } # HC3013
