hypercuboid 1
# A cuboid's body holds `let`s and an `out`. The node is read as one of the block, hence the second error.
# error HC1002 at 7:58
# error HC1002 at 8:3
block B() on x {
  node s[i in 0..2] = x
  cuboid h from s { state (a, b) in 0..2 depth i in 0..1 node n = h[a] out n }
  out h[0]
}
