hypercuboid 1
# error HC3001 at 3:24
let v = [i for i in 0..1.5]
