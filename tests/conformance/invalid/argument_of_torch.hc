hypercuboid 1
# `kernel_size` is `k`.
# error HC3013 at 5:51
use std.ops { conv }
space S() on x: image(3, 8, 8) { out x -> conv(4, kernel_size = 3) }
