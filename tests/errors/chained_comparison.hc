hypercuboid 1
let a = 0 < 1 < 2
