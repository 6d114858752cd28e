hypercuboid 1
# error HC1002 at 5:13
block B() on x { out x }
arch A of B() {
  pick a = b,
  pick c = d
}
