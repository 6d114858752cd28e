hypercuboid 1
# Ruling 19: what an `arch` fixes, `-p` does not change.
# run A -p c=8
# error HC2008
use std.ops { conv }
space S(c: int = 4) on x: image(3, 8, 8) { out x -> conv(c) }
arch A of S(c = 6) {}
