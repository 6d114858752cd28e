hypercuboid 1
# run S --input 3,8,8
# error HC1032
space S() on x: image(3, 8, 8) { out x }
