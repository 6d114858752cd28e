hypercuboid 1
block B(c: int, c: int) on x { out x }
