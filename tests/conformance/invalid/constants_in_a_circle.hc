hypercuboid 1
# error HC2006 at 3:9
let a = b
let b = c
let c = a
