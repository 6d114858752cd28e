hypercuboid 1
# error HC2013 at 5:3
space S() on x: image(3, 8, 8) {
  aux x
  aux x
  out x
}
