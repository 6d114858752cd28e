hypercuboid 1
# error HC3021 at 3:17
space S() on x: image(3, 8) { out x }
