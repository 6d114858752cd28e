hypercuboid 1
block B() on x {
  require false else "a\n"
  out x
}
