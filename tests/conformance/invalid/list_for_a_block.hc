hypercuboid 1
# error HC3012 at 5:45
use std.ops { relu, tanh }
block B(f: block) on x { out x -> f }
space S() on x: image(3, 8, 8) { out x -> B([relu, tanh]) }
