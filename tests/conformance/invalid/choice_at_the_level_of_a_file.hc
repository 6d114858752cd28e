hypercuboid 1
# A `let` of a file is a constant: nothing is decided outside of blocks.
# error HC3114 at 6:11
use std.ops { relu, tanh }

let act = choose act { relu, tanh }

space S() on x: vector(4) { out x -> act }
