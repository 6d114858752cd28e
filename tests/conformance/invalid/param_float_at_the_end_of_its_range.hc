hypercuboid 1
# error HC5002 at 4:1

param rate: float = 1.0 in 0..1
