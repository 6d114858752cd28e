hypercuboid 1
# error HC3008 at 3:33
space S() on x: vector(4) { out x ** 2 }
