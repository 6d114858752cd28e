hypercuboid 1
let a = 1 if 2 = 3 else 4
