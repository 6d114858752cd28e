hypercuboid 1
block A() on x { out x }
block B() on x { out x }
let a = 1
block C() on x {
  out x }
block D() on x { let a = x out a }
space S() on x { out x -> chain i in p {
f } }
block E() on x { out x }
arch F of S() { pick a = b }
arch G of S() { pick a = b
pick c = d }
search H { epochs = 3 }
