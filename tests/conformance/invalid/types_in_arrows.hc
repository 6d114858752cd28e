hypercuboid 1
# What a block gives has no type of its own.
# error HC1002 at 4:16
block B() on x -> image { out x }
