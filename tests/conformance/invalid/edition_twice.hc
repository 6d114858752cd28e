hypercuboid 1
# The first line is the first line only.
# error HC1002 at 4:1
hypercuboid 1
