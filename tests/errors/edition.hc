hypercuboid 2
let a = 1
