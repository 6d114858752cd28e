hypercuboid 1
# error HC2002 at 3:24
use "./used/fine.hc" { Wide }
