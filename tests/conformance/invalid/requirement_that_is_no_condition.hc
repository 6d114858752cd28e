hypercuboid 1
# error HC3007 at 4:11
space S() on x: image(3, 8, 8) {
  require x.c
  out x
}
