hypercuboid 1
# How many terms are kept is a number in the text.
# error HC1002 at 5:51
use std.ops { relu }
space S(k: int = 2) on x: vector(4) { out sum top k i in 0..3 { x } }
