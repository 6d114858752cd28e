hypercuboid 1
# Inputs stand after `on`, without parentheses.
# error HC1002 at 4:14
block B() on (x, y) { out x }
