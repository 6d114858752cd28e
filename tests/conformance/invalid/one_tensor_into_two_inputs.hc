hypercuboid 1
# error HC3015 at 4:38
block Add() on a, b { out a + b }
space S() on x: vector(4) { out x -> Add }
