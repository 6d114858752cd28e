hypercuboid 1
# error HC6001 at 3:1
use "./used/nowhere.hc" { B }
