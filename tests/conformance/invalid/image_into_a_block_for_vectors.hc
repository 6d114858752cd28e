hypercuboid 1
# error HC3017 at 4:43
block B() on v: vector(4) { out v }
space S() on x: image(4, 8, 8) { out x -> B }
