hypercuboid 1
# error HC3007 at 3:14
let v = 1 if 3 else 2
