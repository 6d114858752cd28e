hypercuboid 1
# error HC1002 at 3:24
let v = [i for i in 0...3]
