hypercuboid 1
# error HC3009 at 4:9
let a = 0
let b = 3 % a
