hypercuboid 1
# A scan whose body holds what bodies may hold: choices, `sum top`, values, weights shared with the outside, tensors of
# the outside, another scan.
use std.ops { linear, bn, relu, tanh, sigmoid, identity, zero, zeros }

block Cell(d: int) on x, h {
  let width = choose { narrow: d, wide: 2 * d }
  share gate = linear(width) -> bn
  node s[0] = (x -> gate) + (h -> gate)
  node s[i in 1..3] = sum top 1 j in 0..i { choose f in [relu, tanh, zero, linear(width)] { s[j] -> f } }
  out s[2] -> linear(d)
}

space Scans(t: int = 3, d: int = 4) on x: sequence(t, d) {
  share mix = linear(d) -> bn
  let first = x[0] -> mix
  let bias = x[-1] -> choose b in [linear(d), identity] { b }
  node outer = scan h from first over v in x {
    let gated = h * sigmoid(v -> mix)
    let inner = scan k from gated over w in x { (k -> mix) + w * bias }
    let act = choose a in [tanh, relu] { a }
    out (inner[-1] -> act) + ((v, h) -> Cell(d)) + first
  }
  node plain = scan h from x[0] -> zeros(2) over v in outer {
    (h, v) -> choose step { a: linear(2), b: linear(2) -> tanh }
  }
  out plain[-1] -> linear(3)
}
