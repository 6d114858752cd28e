hypercuboid 1
# A slice is a range: `v[1..3]`.
# error HC1002 at 5:12
let v = [1, 2, 3]
let w = v[1:3]
