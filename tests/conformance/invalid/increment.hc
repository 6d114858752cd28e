hypercuboid 1
# There is no assignment to change, only `let`.
# error HC1002 at 6:3
block B() on x {
  let a = 1
  a += 1
  out x
}
