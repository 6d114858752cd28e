hypercuboid 1
# error HC1002 at 4:19
block B() on x { out x }
search Quick of B epochs = 3
