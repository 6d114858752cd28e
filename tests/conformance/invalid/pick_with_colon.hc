hypercuboid 1
# error HC1002 at 5:10
block B() on x { out x }
arch A of B() {
  pick op: conv
}
