hypercuboid 1

space Größe() on x: image(3, 8, 8) {
  let δ = 1
  out x € x
}
