hypercuboid 1
# `range(3)` of Python is `0..3`.
# error HC2001 at 4:21
let a = [i for i in range(3)]
