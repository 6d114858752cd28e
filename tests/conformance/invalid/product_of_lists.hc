hypercuboid 1
# error HC3008 at 3:9
let v = [1, 2] * 2
