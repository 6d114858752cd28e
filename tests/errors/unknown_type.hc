hypercuboid 1
block B(c: itn) on x: imge(3, 4, 4) { out x }
