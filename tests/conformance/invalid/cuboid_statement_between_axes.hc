hypercuboid 1
# error HC1002 at 5:52
block B() on x {
  node s[i in 0..2] = x
  cuboid h from s { state (a, b) in 0..2 let c = 1 depth i in 0..1 out h[a] }
  out h[0]
}
