hypercuboid 1
# Arguments are named one by one.
# error HC1002 at 4:9
block B(*args) on x { out x }
