hypercuboid 1
# error HC1002 at 4:12
block B() on x {
  cuboid h { state (a, b) in [1] depth i in 0..1 out h[a] }
  out h[1]
}
