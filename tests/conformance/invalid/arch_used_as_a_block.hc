hypercuboid 1
# error HC2005 at 5:38
space S() on x: vector(4) { out x }
arch A of S() {}
space T() on x: vector(4) { out x -> A }
