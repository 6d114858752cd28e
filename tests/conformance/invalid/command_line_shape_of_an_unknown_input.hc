hypercuboid 1
# run S --input y=3x8x8
# error HC2009 at 4:14
space S() on x: image(3, 8, 8) { out x }
