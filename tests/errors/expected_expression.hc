hypercuboid 1
let a = )
