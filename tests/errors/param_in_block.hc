hypercuboid 1
block B() on x {
  param k: int = 3
  out x
}
