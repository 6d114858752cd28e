hypercuboid 1
# The last line needs no end, and all may stand on one line. ü, 你好 and α may stand in comments.
# expect S: params 12
use std.ops { conv } space S() on x: image(3, 8, 8) { let y = x -> conv(4) out y } # the end