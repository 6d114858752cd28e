hypercuboid 1
block B(top: int) on x { out x }
