hypercuboid 1
let a = a + 1
