hypercuboid 1
use "./missing.hc" { B }
