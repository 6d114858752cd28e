hypercuboid 1
# error HC2005 at 4:11
let n = 3
arch A of n() {}
