hypercuboid 1
# A value on the command line is an expression of the language and may use the names of the file.
# expect S: params 12
# expect S -p c=2*base: params 24
# expect S -p c=max(base,3)+1: params 15
use std.ops { conv }

let base = 4

space S(c: int = base) on x: image(3, 8, 8) { out x -> conv(c) }
