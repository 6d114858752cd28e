hypercuboid 1
# `and` and `or` are words.
# error HC1006 at 5:43
# error HC1006 at 5:52
block B(a: bool = true) on x { out x if a && not a || a else x }
