hypercuboid 1
# A function of Python.
# error HC1002 at 4:1
def block(x):
    return x
