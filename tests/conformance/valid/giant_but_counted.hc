hypercuboid 1
# 300 choices of 3: 3 ** 300 architectures, counted exactly.
# expect S: weights 900, groups 300, architectures 136891479058588375991326027382088315966463695625337436471480190078368997177499076593800206155688941388250484440597994042813512732765695774566001
use std.ops { relu, tanh, sigmoid }

space S() on x: vector(4) {
  out x -> chain i in 0..300 { choose act { relu, tanh, sigmoid } }
}
