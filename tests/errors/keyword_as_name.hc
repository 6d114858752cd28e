hypercuboid 1
let sum = 3
