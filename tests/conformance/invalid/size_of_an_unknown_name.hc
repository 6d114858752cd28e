hypercuboid 1
# error HC2001 at 3:24
space S() on x: vector(d) { out x }
