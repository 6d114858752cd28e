hypercuboid 1
# error HC3016 at 3:33
space S() on x: vector(4) { out 3 }
