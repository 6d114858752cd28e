hypercuboid 1
# error HC1002 at 3:1
/* the stem */
let a = 1
