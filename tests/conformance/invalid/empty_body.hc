hypercuboid 1
# error HC1004 at 3:17
block B() on x {}
