hypercuboid 1
# error HC1002 at 5:72
block B() on x {
  node s[i in 0..2] = x
  cuboid h from s { state (a, b) in 0..2 depth i in 0..1 compete per i compete per a out h[a] }
  out h[0]
}
