hypercuboid 1
# error HC1002 at 3:26
let v = [i for i in 0..10..2]
