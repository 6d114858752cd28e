hypercuboid 1
block A() on x { out x -> B }
block B() on x { out x -> A }
