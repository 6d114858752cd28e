hypercuboid 1
# error HC1002 at 4:1
param classes: int
let a = 1
