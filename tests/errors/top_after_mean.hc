hypercuboid 1
block B() on x {
  out mean top 2 i in 0..3 { x }
}
