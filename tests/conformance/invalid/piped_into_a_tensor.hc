hypercuboid 1
# error HC3002 at 3:38
space S() on x: vector(4) { out x -> x }
