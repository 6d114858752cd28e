hypercuboid 1
# A list of tensors is no sequence: `chain` or a family goes over lists.
# error HC3026 at 5:31
space S() on x: vector(4) {
  out scan s from x over v in [x, x] { s + v }
}
