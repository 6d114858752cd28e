hypercuboid 1
# error HC3013 at 4:13
space S(c: int = 3) on x: vector(4) { out x }
arch A of S(width = 4) {}
