hypercuboid 1
# error HC3109 at 3:54
space S() on x: vector(4) { out x -> chain i in 0..3 { i } }
