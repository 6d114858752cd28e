hypercuboid 1
block B() on x {
  out sum top 0 i in 0..3 { x }
}
