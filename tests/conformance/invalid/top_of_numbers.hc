hypercuboid 1
# error HC3108 at 4:11
space S() on x: vector(4) {
  let n = sum top 1 i in 0..3 { i }
  out x
}
