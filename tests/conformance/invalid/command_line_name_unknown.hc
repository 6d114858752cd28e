hypercuboid 1
# run T
# error HC2007
space S() on x: image(3, 8, 8) { out x }
