hypercuboid 1
# error HC1002 at 3:40
block B() on x { out x -> choose act { } }
