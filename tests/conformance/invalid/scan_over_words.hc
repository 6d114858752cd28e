hypercuboid 1
# error HC3026 at 4:35
space S() on x: tokens(5, 10), first: vector(4) {
  out scan s from first over v in x { s }
}
