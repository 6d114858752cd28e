hypercuboid 1
# error HC1002 at 4:21
block B() on x {
  out scan s from x in x { s }
}
