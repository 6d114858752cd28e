hypercuboid 1
# Blocks are run before they are added: `sum f in fs { x -> f }`.
# error HC3110 at 5:38
use std.ops { relu, tanh }
space S() on x: vector(4) { out x -> sum f in [relu, tanh] { f } }
