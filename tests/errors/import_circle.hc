hypercuboid 1
use "./used/circle.hc" { B }
