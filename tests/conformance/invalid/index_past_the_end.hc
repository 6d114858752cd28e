hypercuboid 1
# error HC2004 at 4:9
let v = [1, 2, 3]
let w = v[3]
