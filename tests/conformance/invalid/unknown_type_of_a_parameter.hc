hypercuboid 1
# error HC2003 at 3:12
block B(c: integer) on x { out x }
