hypercuboid 1
use "./circle.hc" { B }
