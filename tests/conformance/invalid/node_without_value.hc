hypercuboid 1
# error HC1002 at 5:3
block B() on x {
  node n[0]
  out n[0]
}
