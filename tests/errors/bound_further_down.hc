hypercuboid 1
block B() on x {
  let a = b
  let b = 3
  out x
}
