hypercuboid 1
# error HC3004 at 4:9
let v = [1, 2, 3]
let w = v[1.0]
