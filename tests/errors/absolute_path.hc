hypercuboid 1
use "/dev/zero" { B }
