hypercuboid 1
let a: int = 3
