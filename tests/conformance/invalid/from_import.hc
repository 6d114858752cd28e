hypercuboid 1
# Another import of Python.
# error HC1002 at 4:1
from std.ops import conv
