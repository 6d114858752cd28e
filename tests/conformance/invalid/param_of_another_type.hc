hypercuboid 1
# error HC3012 at 3:22
param classes: int = 10.5
space S() on x: vector(4) { require classes > 0 out x }
