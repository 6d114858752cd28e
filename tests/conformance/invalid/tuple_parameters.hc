hypercuboid 1
# error HC1002 at 3:9
block B((a, b)) on x { out x }
