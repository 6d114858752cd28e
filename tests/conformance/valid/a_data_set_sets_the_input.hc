hypercuboid 1
# `--input` gives the shape of an input; sizes that are arguments follow. linear(16) on h * w * c features.
# expect S: params 1040
# expect S --input 1x4x4: params 272
# expect S --input x=3x2x2: params 208
use std.ops { flatten, linear }

space S() on x: image(1, 8, 8) { out x -> flatten -> linear(16) }
