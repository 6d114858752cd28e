hypercuboid 1
# error HC5003 at 3:33
space S() on x: vector(4) { out concat([]) }
