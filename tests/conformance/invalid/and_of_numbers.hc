hypercuboid 1
# error HC3007 at 3:9
let v = 1 and 2
