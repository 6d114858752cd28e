hypercuboid 1
# error HC6005 at 3:1
use "./use_of_itself.hc" { B }
block B() on x { out x }
