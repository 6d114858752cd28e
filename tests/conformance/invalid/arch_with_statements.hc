hypercuboid 1
# An architecture holds picks only.
# error HC1002 at 6:3
block B() on x { out x }
arch A of B() {
  let k = 3
}
