hypercuboid 1
# error HC3001 at 3:21
let v = [i for i in 3]
