hypercuboid 1
# `where` belongs to states and choices.
# error HC1002 at 6:58
block B() on x {
  node s[i in 0..2] = x
  cuboid h from s { state (a, b) in 0..2 depth i in 0..4 where i > 1 out h[a] }
  out h[0]
}
