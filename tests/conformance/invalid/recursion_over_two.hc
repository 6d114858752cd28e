hypercuboid 1
# error HC2006 at 3:27
block A() on x { out x -> B }
block B(f: block = A) on x { out x -> f }
