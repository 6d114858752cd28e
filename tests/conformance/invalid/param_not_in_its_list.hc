hypercuboid 1
# error HC5002 at 3:1
param mode: string = "deep" in ["flat", "wide"]
space S() on x: vector(4) { require mode != "" out x }
