hypercuboid 1
# error HC3005 at 4:9
let a = 3
let b = a.c
