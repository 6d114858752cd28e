hypercuboid 1
# A family is defined in order: a member reads those before it.
# error HC2004 at 6:23
space S() on x: vector(4) {
  node n[0] = x
  node n[i in 1..3] = n[i + 1]
  out n[2]
}
