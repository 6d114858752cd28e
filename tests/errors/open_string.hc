hypercuboid 1
block B() on x {
  require false else "no
  out x
}
