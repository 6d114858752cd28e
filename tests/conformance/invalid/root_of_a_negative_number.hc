hypercuboid 1
# error HC3009 at 3:9
let a = (-8) ** 0.5
