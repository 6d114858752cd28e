hypercuboid 1
let a = )
block B(c: int) on x {
  let y = (1, 2
  out y
}
block C() on x {
  out x -> y + x
}
let in = 3
