hypercuboid 1
# run S -p width=3+
# error HC1030
space S(width: int = 4) on x: vector(4) { require width > 0 out x }
