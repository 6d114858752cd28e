hypercuboid 1
# An import of Python.
# error HC1002 at 4:1
import torch
