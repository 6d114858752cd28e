hypercuboid 1
# café
