hypercuboid 1
# error HC1002 at 3:17
let widths = [8 16]
