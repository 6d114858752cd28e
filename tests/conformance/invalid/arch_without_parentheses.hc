hypercuboid 1
# error HC1002 at 4:13
block B() on x { out x }
arch A of B {}
