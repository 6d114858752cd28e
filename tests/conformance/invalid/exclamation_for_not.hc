hypercuboid 1
# error HC1006 at 3:41
block B(a: bool = true) on x { out x if !a else x }
