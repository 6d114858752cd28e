hypercuboid 1
# error HC2006 at 4:12
block B(f: block) on x { out x -> f }
cell C = B(C)
