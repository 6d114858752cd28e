hypercuboid 1
block B() on x { out x }
search S of B {
  epochs = 3
  epochs = 4
}
