hypercuboid 1
# run S --input 8x8
# error HC3021 at 4:14
space S() on x: image(3, 8, 8) { out x }
