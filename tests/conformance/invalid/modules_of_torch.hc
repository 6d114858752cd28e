hypercuboid 1
# error HC2001 at 3:43
space S() on x: image(3, 8, 8) { out x -> nn.ReLU }
