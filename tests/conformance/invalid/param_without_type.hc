hypercuboid 1
# A parameter says its type, default and range.
# error HC1002 at 4:15
param classes = 10
