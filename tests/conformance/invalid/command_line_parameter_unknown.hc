hypercuboid 1
# run S -p widht=3
# error HC2008
space S(width: int = 4) on x: vector(4) { require width > 0 out x }
