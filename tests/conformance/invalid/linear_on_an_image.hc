hypercuboid 1
# `linear` acts on the last axis of vectors and sequences: pool or flatten first.
# error HC3202 at 5:43
use std.ops { linear }
space S() on x: image(3, 8, 8) { out x -> linear(10) }
