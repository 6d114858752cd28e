hypercuboid 1
# run S -p classes=1
# error HC5002 at 4:1
param classes: int = 10 in 2..101
space S() on x: vector(4) { require classes > 0 out x }
