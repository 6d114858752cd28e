hypercuboid 1
block B(c: int) on x {
  out x
  let y = x
}
