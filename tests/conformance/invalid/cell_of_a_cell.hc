hypercuboid 1
# error HC3011 at 5:10
block B() on x { out x }
cell C = B()
cell D = C
space S() on x: vector(4) { out x -> D }
