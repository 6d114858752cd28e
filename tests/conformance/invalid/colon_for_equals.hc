hypercuboid 1
# A constant is bound with `=`.
# error HC1002 at 4:6
let a: 3
