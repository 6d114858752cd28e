hypercuboid 1
# error HC2001 at 4:17
space Net() on x: vector(4) { out x }
search Quick of Nett { epochs = 3 }
