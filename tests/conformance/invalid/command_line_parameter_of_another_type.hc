hypercuboid 1
# run S -p width=2.5
# error HC3012 at 4:9
space S(width: int = 4) on x: vector(4) { require width > 0 out x }
