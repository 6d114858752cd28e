hypercuboid 1
# error HC1002 at 4:3
block B() on x {
  while true { x }
  out x
}
