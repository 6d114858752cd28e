hypercuboid 1
# error HC3004 at 4:9
let v = 3
let w = v[0]
