hypercuboid 1
# The requirement stands in another file, the wrong argument here.
# error HC5001 at 6:11 in used/fine.hc
use "./used/fine.hc" { Narrow }
space S() on x: image(3, 8, 8) { out x -> Narrow(8) }
