hypercuboid 1
block B(c: int) on x {
  let y = x
}
