hypercuboid 1
use "./used" { B }
