hypercuboid 1
# `//` divides whole numbers; a comment begins with `#`.
# error HC1002 at 4:1
// the stem
let a = 1
