hypercuboid 1
# error HC1002 at 4:10
block B() on x {
  node n[] = x
  out n
}
