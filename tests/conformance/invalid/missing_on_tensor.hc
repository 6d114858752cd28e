hypercuboid 1
# error HC1002 at 3:14
block B() on { out x }
