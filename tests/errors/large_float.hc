hypercuboid 1
let a = 1e999
