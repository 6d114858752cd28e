hypercuboid 1
# error HC5001 at 4:11
space S() on x: image(3, 8, 8) {
  require x.h == x.w + 1
  out x
}
