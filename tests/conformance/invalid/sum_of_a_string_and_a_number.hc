hypercuboid 1
# error HC3008 at 3:9
let v = "a" + 3
