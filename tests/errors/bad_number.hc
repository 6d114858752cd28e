hypercuboid 1
let a = 3abc
