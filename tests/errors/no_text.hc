hypercuboid 1
use "./used/latin.hc" { B }
