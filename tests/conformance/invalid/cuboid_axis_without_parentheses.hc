hypercuboid 1
# A state axis names two: where a step comes from and where it goes.
# error HC1002 at 6:27
block B() on x {
  node s[i in 0..2] = x
  cuboid h from s { state a, b in 0..2 depth i in 0..1 out h[a] }
  out h[0]
}
