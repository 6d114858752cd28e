hypercuboid 1
# A statement needs no mark at its end.
# error HC1006 at 5:12
block B() on x {
  let a = 1;
  out x
}
