hypercuboid 1
# error HC2017 at 4:7
let B = 3
block B() on x { out x }
