hypercuboid 1
# error HC1006 at 3:11
let a = 2 ^ 3
