hypercuboid 1
# error HC4002 at 4:3
space S() on x: vector(4) {
  node n[i in 0..1000, j in 0..1000] = x
  out n[0, 0]
}
