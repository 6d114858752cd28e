hypercuboid 1
use std.ops { conv, bn, relu, gap, linear, identity, split }

block B(c: int) on x { out x -> conv(c) }

space S() on x: image(3, 8, 8) { out x -> B(true) }
