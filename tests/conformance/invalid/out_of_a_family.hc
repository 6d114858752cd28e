hypercuboid 1
# error HC3016 at 5:7
space S() on x: vector(4) {
  node n[i in 0..3] = x
  out n
}
