hypercuboid 1
# error HC4004 at 3:9
let a = 1e300 * 1e300
