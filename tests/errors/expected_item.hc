hypercuboid 1
foo bar
