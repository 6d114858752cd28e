hypercuboid 1
# The mistakes of a used file are shown there.
# error HC2001 at 5:35 in used/broken.hc
use "./used/broken.hc" { Good }
space S() on x: image(3, 8, 8) { out x -> Good(4) }
