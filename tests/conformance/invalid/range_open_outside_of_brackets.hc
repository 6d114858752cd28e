hypercuboid 1
# error HC1002 at 3:21
let v = [i for i in ..3]
