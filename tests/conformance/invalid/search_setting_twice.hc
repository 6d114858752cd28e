hypercuboid 1
# error HC2015 at 6:3
space Net() on x: vector(4) { out x }
search Quick of Net {
  epochs = 3
  epochs = 4
}
