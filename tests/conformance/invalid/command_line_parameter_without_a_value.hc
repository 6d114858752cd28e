hypercuboid 1
# run S -p width
# error HC1031
space S(width: int = 4) on x: vector(4) { require width > 0 out x }
