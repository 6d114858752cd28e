hypercuboid 1
let a = 1 if true
