# The edition is a whole number.
# error HC1002 at 3:13
hypercuboid "1"
