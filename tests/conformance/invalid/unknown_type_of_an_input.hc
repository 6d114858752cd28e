hypercuboid 1
# error HC2003 at 3:17
space S() on x: tensor(3, 8, 8) { out x }
