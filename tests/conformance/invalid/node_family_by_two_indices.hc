hypercuboid 1
# error HC2004 at 5:7
space S() on x: vector(4) {
  node n[i in 0..2, j in 0..2] = x
  out n[1]
}
