hypercuboid 1
# error HC3023 at 3:12
let v = [a for (a, b) in [1, 2]]
