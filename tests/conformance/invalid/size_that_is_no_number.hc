hypercuboid 1
# error HC3021 at 4:26
let n = "eight"
space S() on x: image(3, n, 8) { out x }
