hypercuboid 1
# error HC2018 at 5:3
space S() on x: vector(4) {
  node n[i in 0..3] = x
  node n[i in 2..5] = x
  out n[0]
}
