hypercuboid 1
# error HC5002 at 3:1
param classes: int = 1 in 2..101
space S() on x: vector(4) { require classes > 0 out x }
