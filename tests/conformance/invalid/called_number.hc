hypercuboid 1
# error HC3003 at 4:9
let a = 3
let b = a(4)
