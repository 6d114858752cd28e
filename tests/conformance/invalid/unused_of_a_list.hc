hypercuboid 1
# error HC3010 at 5:14
space S() on x: vector(4) {
  node n[i in 0..2] = x
  out concat(unused([n[0], n[1]]))
}
